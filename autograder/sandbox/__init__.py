"""Runs students' code in a confined child process that answers questions and knows nothing else."""

from autograder.sandbox.host import Sandbox
from autograder.sandbox.probe import probe
from autograder.sandbox.records import (
    BadMessage,
    CellRun,
    Died,
    Failure,
    Layer,
    Limits,
    Mode,
    NoIsolation,
    Opaque,
    Ref,
    Reply,
    SandboxError,
    TimedOut,
)
from autograder.sandbox.session import Session

__all__ = [
    "BadMessage",
    "CellRun",
    "Died",
    "Failure",
    "Layer",
    "Limits",
    "Mode",
    "NoIsolation",
    "Opaque",
    "Ref",
    "Reply",
    "Sandbox",
    "SandboxError",
    "Session",
    "TimedOut",
    "probe",
]
