"""What `up` does: start every part, keep it running, end it in good order."""

from siaga112.supervisor.supervisor import Supervisor

__all__ = ["Supervisor"]
