"""A hub for one class on one server: people log in with their account of the system and work as that account."""

import grp
import os
import pwd
import sys
from pathlib import Path

from tornado.web import HTTPError

sys.path.insert(0, str(Path(__file__).resolve().parent))
from classroom import BIN, HERE, read_classroom

c = get_config()  # noqa: F821  (JupyterHub defines it)
classroom = read_classroom()

c.JupyterHub.bind_url = classroom.address
proxy_port, hub_port = classroom.inner_ports
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_port}"
c.JupyterHub.hub_port = hub_port
c.JupyterHub.db_url = f"sqlite:///{classroom.hub_folder / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(classroom.hub_folder / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(classroom.hub_folder / "proxy.pid")
c.ConfigurableHTTPProxy.command = str(Path(sys.prefix, "node_modules", ".bin", "configurable-http-proxy"))

c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {classroom.instructor_group, classroom.student_group}

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"PATH": os.pathsep.join([str(BIN), os.environ["PATH"]])}


def groups_of(name):
    """The groups of the system that an account is in."""
    return {grp.getgrgid(number).gr_name for number in os.getgrouplist(name, pwd.getpwnam(name).pw_gid)}


def by_role(spawner):
    """Instructors work in the class, and what they make is their group's; students work at home, and it is theirs."""
    groups = groups_of(spawner.user.name)
    if not groups & {classroom.instructor_group, classroom.student_group}:
        raise HTTPError(403, "This account isn't in the class any more.")
    instructor = classroom.instructor_group in groups
    spawner.notebook_dir = str(classroom.class_folder) if instructor else "~"
    spawner.popen_kwargs = {"umask": 0o007 if instructor else 0o077}
    pages = HERE.parent / ("instructor" if instructor else "student")
    settings = [pages, classroom.class_folder if instructor else HERE / "student"]
    spawner.environment = {**spawner.environment, "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, settings))}


c.Spawner.pre_spawn_hook = by_role
