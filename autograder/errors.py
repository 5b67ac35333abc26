"""All errors of the package at one glance.

    AutograderError     the person at the keyboard can mend it; the command line prints it without a traceback
        CourseError     the course's own files
        ClassError      the class directory or its gradebook
        NoIsolation     the machine
    SandboxError        a session with a confined child has ended; the next one starts a new child
        TimedOut, Died, BadMessage
            Stalled     a TimedOut by the clock alone
    BundleError         the modules of a release can't be put into one file

Each message says what was found and, where a person can do something, what to do.
"""


class AutograderError(Exception):
    """A problem that the person at the keyboard can mend; the command line prints it without a traceback."""


class CourseError(AutograderError):
    """The course's own files contradict themselves or miss something."""


class ClassError(AutograderError):
    """The class directory isn't as it should be."""


class NoIsolation(AutograderError):
    """This machine gives less isolation than grading needs; the text says what to do."""


class SandboxError(Exception):
    """The session is dead: start a new one."""


class TimedOut(SandboxError):
    """The processor time for a request is used up."""


class Stalled(TimedOut):
    """The clock on the wall ran out, the processor time did not: the child waited, or the machine was too busy."""


class Died(SandboxError):
    """The child process ended; the text says how, as far as the kernel tells."""


class BadMessage(SandboxError):
    """The child sent something that is not a well-formed answer to what was asked."""


class WantsIPython(Exception):
    """The notebook needs IPython or matplotlib, which a child for plain Python doesn't hold: run it in another one."""


class BundleError(Exception):
    """The modules can't be put into one file as they are; the text says which names are in the way."""
