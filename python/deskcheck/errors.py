"""What can go wrong. The text of every error is one line: what, where, how to mend it."""


class Error(Exception):
    """Everything that deskcheck raises, except for KeyboardInterrupt and wrong types."""


class UsageError(Error, ValueError):
    """A name, key, file or number that cannot be used."""


class TargetUnreachable(Error, ConnectionError):
    """Nothing answers where the server should be."""


class Timeout(Error, TimeoutError):
    """Something did not happen in time."""


class ConnectionLost(Error, ConnectionError):
    """The other side has ended a connection, or broken it."""


class Closed(Error):
    """It was stopped, or its world was closed, before or while it was used."""
