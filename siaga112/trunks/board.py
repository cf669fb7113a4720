"""The trunks of this installation, each as configured and as it is now."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from hardware.asterisk.ami import AmiClient, AmiDisconnectedError
from hardware.asterisk.context import host_of, trunk_entry
from hardware.asterisk.layout import Layout
from hardware.asterisk.trunks.registrations import last_refusals
from hardware.asterisk.trunks.state import TrunkCondition, TrunkState, trunk_states
from siaga112.app import App
from siaga112.settings import Trunk

AMI_LIMIT_S = 3.0
NOT_THERE = "Asterisk does not answer: does `siaga112 up` run?"


class TrunkBoard:
    """Asks this installation's Asterisk."""

    def __init__(self, app: App) -> None:
        self._app = app

    def look(self, trunks: Sequence[Trunk]) -> tuple[TrunkState, ...]:
        """How these trunks are. Without Asterisk all of them are down; raises AmiError when it stops answering."""
        try:
            with self.asking() as client:
                return names_looked_up(trunks, self.seen_by(client, trunks))
        except AmiDisconnectedError as error:
            return all_down(trunks, str(error))

    def seen_by(self, client: AmiClient, trunks: Sequence[Trunk]) -> tuple[TrunkState, ...]:
        """The same by a client that is there already; raises AmiError."""
        return trunk_states(client, [trunk.name for trunk in trunks], self._refusals(trunks))

    @contextmanager
    def asking(self) -> Iterator[AmiClient]:
        """A client that is ready; raises AmiDisconnectedError when Asterisk does not answer."""
        with AmiClient(self._app.ami) as client:
            if not client.wait_ready(AMI_LIMIT_S):
                raise AmiDisconnectedError(NOT_THERE)
            yield client

    def _refusals(self, trunks: Sequence[Trunk]) -> dict[str, int]:
        if not self._app.settings.asterisk.managed:
            return {}  # its log is where its owner has it
        found = last_refusals(Layout.under(self._app.paths.state_dir).messages)
        entries = [trunk_entry(trunk, self._app.settings.trunks, managed=True) for trunk in trunks]
        return {entry.name: found[entry.client_uri] for entry in entries if entry.client_uri in found}


def names_looked_up(trunks: Sequence[Trunk], states: Sequence[TrunkState]) -> tuple[TrunkState, ...]:
    """The states, but for trunks whose host is a name that is not found: Asterisk only says that nobody answers."""
    return tuple(
        state if state.condition is TrunkCondition.UP or _is_found(host_of(trunk.host)) else _nameless(trunk, state)
        for trunk, state in zip(trunks, states, strict=True)
    )


def _is_found(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return False
    return True


def _nameless(trunk: Trunk, state: TrunkState) -> TrunkState:
    reason = f"{host_of(trunk.host)} is not found: mend the name, or this machine's resolver (/etc/resolv.conf)"
    return replace(state, reason=reason)


def all_down(trunks: Sequence[Trunk], reason: str) -> tuple[TrunkState, ...]:
    """What is known of trunks when Asterisk cannot be asked."""
    return tuple(TrunkState(trunk.name, TrunkCondition.DOWN, reason, None, 0) for trunk in trunks)
