#!/bin/sh
# The image knows no account for the number that a pod runs as, and nbgrader asks the system for a name.
echo "$JUPYTERHUB_USER:x:$(id -u):$(id -g)::$HOME:/bin/bash" >> /etc/passwd
exec jupyterhub-singleuser "$@"
