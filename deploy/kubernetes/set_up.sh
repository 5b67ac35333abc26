#!/bin/sh
# Makes class and exchange on the course's volume, for the group of the instructors; what is there already is kept.
# Run it as root, in the course's folder: set_up.sh FOLDER GROUP, such as set_up.sh /srv/course 2000
set -eu
folder=$1 group=$2
mkdir -p "$folder/exchange"
chown "0:$group" "$folder/exchange"
chmod 2775 "$folder/exchange"
if [ ! -e "$folder/class/nbgrader_config.py" ]; then
    autograder new "$folder/class" --course-id memory --exchange "$folder/exchange"
    cat "$(dirname "$0")/class_config.py" >> "$folder/class/nbgrader_config.py"
    rm "$folder/class/gradebook.db" # the gradebook is elsewhere; it is filled by the first `autograder grade`
fi
chgrp -R "$group" "$folder/class"
chmod -R u+rwX,g+rwX,o= "$folder/class"
find "$folder/class" -type d -exec chmod g+s {} +
