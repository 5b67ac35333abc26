"""Who works as whom, and who sees what of the course's volume. The hub reads it after identity.py."""

# ruff: noqa: F821  (`c` is JupyterHub's; `number_of` is identity.py's)

import os

from z2jh import get_config

COURSE, TOOLS, HOME = "/srv/course", "/opt/course/deploy", "/home/jovyan"
EXCHANGE = {"name": "course", "mountPath": f"{COURSE}/exchange", "subPath": "exchange"}
CLASS = {"name": "course", "mountPath": f"{COURSE}/class", "subPath": "class"}
USERS = 100  # the image lets this group add the person's name to its accounts


def number(spawner):
    """The person's user and group."""
    return number_of(spawner.user.name)


def by_role(spawner):
    """Only instructors' pods hold the class, and know the gradebook's database."""
    mounts, environment, groups = {"exchange": EXCHANGE}, {}, [USERS]
    if spawner.user.name in get_config("custom.instructors"):
        mounts["class"] = CLASS
        groups.append(get_config("custom.instructorGroup"))
        environment["GRADEBOOK_URL"] = os.environ["GRADEBOOK_URL"]
        environment["JUPYTER_CONFIG_PATH"] = f"{TOOLS}/instructor:{COURSE}/class"
        spawner.notebook_dir = f"{COURSE}/class"
    else:
        environment["JUPYTER_CONFIG_PATH"] = f"{TOOLS}/student:{TOOLS}/kubernetes/student"
    spawner.volume_mounts = {**spawner.volume_mounts, **mounts}
    spawner.environment = {**spawner.environment, **environment}
    spawner.supplemental_gids = groups
    spawner.init_containers = [*c.KubeSpawner.init_containers, give_home(number(spawner))]


def give_home(owner):
    """A new volume for somebody's home is root's. (Kubernetes' fsGroup would take the course's volume along.)"""
    return {
        "name": "give-home",
        "image": get_config("singleuser.image.name") + ":" + get_config("singleuser.image.tag"),
        "command": ["chown", f"{owner}:{owner}", HOME],
        "securityContext": {"runAsUser": 0},
        "volumeMounts": [{"name": get_config("singleuser.storage.dynamic.volumeNameTemplate"), "mountPath": HOME}],
    }


c.KubeSpawner.uid = number
c.KubeSpawner.gid = number
c.KubeSpawner.pre_spawn_hook = by_role
