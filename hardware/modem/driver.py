"""A GSM modem: python-gsmmodem-new for set-up, identity and network queries, our own engine for every byte and message.

    modem = Modem("telkomsel-1", "/dev/serial/by-id/usb-HUAWEI-if02-port0", on_wake=woken.set)
    modem.connect()
    for stored in modem.list_stored():
        keep(stored.pdu_hex)  # until it is safe
        modem.delete(stored.memory, stored.index)

The library's receive path, its PDU codec and its threads lose and mix messages: those methods raise LibraryPathError.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from hardware.modem.at.events import Urc
from hardware.modem.at.results import Final
from hardware.modem.at.urc import tells_reboot
from hardware.modem.comms import EngineComms
from hardware.modem.errors import LibraryPathError, ModemError, ModemSilentError, PortLostError, RefusedError
from hardware.modem.families import GENERIC, Family
from hardware.modem.health import (
    ModemHealth,
    ModemState,
    Registration,
    Trouble,
    dbm,
    network_state,
    parse_imsi,
    parse_number,
    parse_registration,
)
from hardware.modem.identify import identify
from hardware.modem.library import GsmModem, GsmModemException, TimeoutException
from hardware.modem.listing import StoredPdu
from hardware.modem.loading import POLLS, await_loaded
from hardware.modem.memories import MemoryUse
from hardware.modem.message_store import MessageStore
from hardware.modem.pin_memory import SimPin
from hardware.modem.routed import RoutedPdus
from hardware.modem.sending import send
from hardware.modem.setup import assert_basics, assert_indications
from hardware.modem.sim_lock import SimReport, unlock
from hardware.modem.transport.optional import ask_optional
from hardware.modem.transport.session import Session
from hardware.modem.ussd import UssdAnswer, UssdStatus, parse_cusd, request
from siaga112.log import get

log = get(__name__)

# After these there is something to list: a message, a report, or a memory that is full; or an answer to take.
_WAKING = frozenset({"+CMTI", "+CDSI", "+CMT", "+CDS", "^SMMEMFULL", "+CUSD"})
_ROUTED = frozenset({"+CMT", "+CDS"})
_STORED = frozenset({"+CMTI", "+CDSI"})

# What the library's set-up raises on answers that it did not expect.
_LIBRARY_FAULTS = (GsmModemException, AttributeError, LookupError, TypeError, ValueError)


def _closed(instead: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise LibraryPathError(f"use {instead}")

    return refuse


def trouble_of(error: Exception) -> Trouble:
    """What sort of trouble an error of the driver shows."""
    if isinstance(error, PortLostError):
        return Trouble.PORT
    return Trouble.REFUSED if isinstance(error, RefusedError) else Trouble.SILENT


class Modem(GsmModem, EngineComms):  # type: ignore[misc]  # the library has no types
    """One modem, for any number of threads. Each call brings the line back first when it was lost.

    `port` is a device path or socket://HOST:PORT, `baudrate` in bit/s. `on_wake` is called in the reader thread when
    there is something to list: it sets an event, and returns.
    """

    def __init__(
        self, name: str, port: str, baudrate: int = 115200, *, pin: SimPin | None = None, on_wake: Callable[[], None]
    ) -> None:
        self.name = name
        self._pin = pin
        self._on_wake = on_wake
        self._routed = RoutedPdus()
        session = Session(port, baudrate, self._heard)
        super().__init__(port, baudrate, session=session)
        self._store = MessageStore(session, self._routed)
        self._preparing = threading.RLock()
        self._library_is_set_up = False
        self._prepared_in: tuple[int, int] | None = None
        self._waited_in: tuple[int, int] | None = None
        self._ussd: UssdAnswer | None = None
        self._told: frozenset[str] = frozenset()
        self.family: Family = GENERIC
        self.send_refusal: Final | None = None
        """How the last message was refused; None when the network took it."""
        self.told_full = False
        """Whether the modem said that its memory is full, since the last look that found room."""

    def connect(self) -> None:
        """Open the port, unlock the SIM, set everything up. A SIM that cannot be used is no error: see `health`.

        Raises PortLostError, ModemSilentError.
        """
        self._library_is_set_up = False
        self._session.open()
        with self._session.transaction() as link:
            # What was not answered may have been asked of a modem that was only just starting.
            link.unanswered.clear()
        self._prepare()

    def list_stored(self, *, told_only: bool = False) -> list[StoredPdu]:
        """Give every message in every memory, drafts and copies of sent ones too (see `StoredPdu.received`).

        `told_only`: of the memories alone that the modem has named since the last listing, if it has named any. Raises
        PortLostError, ModemSilentError, RefusedError.
        """
        self._prepare()
        told, self._told = self._told, frozenset()
        try:
            return self._store.list_stored(told if told_only else ())
        except RefusedError:
            # What a modem refuses that took it before: it may have started anew without a word.
            self._prepared_in = None
            raise

    def delete(self, memory: str, index: int) -> None:
        """Delete one message of the last listing; one that is gone is no error. One thread lists and deletes.

        Raises StaleListingError when the modem started anew since the listing, or this was tried since; PortLostError,
        ModemSilentError, RefusedError. After each of them: list again.
        """
        self._store.delete(memory, index)

    def delete_together(self, stored: Sequence[StoredPdu]) -> bool:
        """Delete messages of the last listing, all of one memory, several with one command line.

        False, and nothing is done, where that is not worth it or this modem cannot: `delete` each. Raises as `delete`
        does; after a RefusedError nobody knows which of them are gone: list again.
        """
        return self._store.delete_together(stored)

    def send(self, pdu_hex: str, tpdu_length: int) -> int:
        """Send one PDU (SMSC field first; the length counts the octets after it) and give its message reference.

        Raises RefusedError, whose `decision` tells what the network's cause asks for; SendUnknownError when it may have
        gone out; PortLostError and ModemSilentError when it did not.
        """
        self._prepare()
        try:
            reference = send(self._session, pdu_hex, tpdu_length)
        except RefusedError as error:
            self.send_refusal = error.final
            raise
        self.send_refusal = None
        return reference

    def ask_ussd(self, code: str) -> None:
        """Send a USSD code to the network; `take_ussd` gives the answer when it has come, which `on_wake` tells.

        Raises RefusedError, PortLostError, ModemSilentError; ValueError for what is no code.
        """
        command = request(code, packed=self.family.packed_ussd)
        self._prepare()
        with self._session.transaction() as link:
            # With another character set the code would be read as hexadecimal (TS 27.007 7.15).
            link.ask('AT+CSCS="GSM"')
            answer = link.ask(command)
        if not answer.ok:
            raise RefusedError("AT+CUSD", answer.final)
        self._take_ussd("\n".join(answer.lines))

    def take_ussd(self) -> UssdAnswer | None:
        """Give the answer that came, once. A menu is left: nobody is there to choose."""
        answer, self._ussd = self._ussd, None
        if answer and answer.status is UssdStatus.ASKS:
            self._session.ask("AT+CUSD=2")
        return answer

    def restart_radio(self) -> bool:
        """Leave the network and register anew; False when the modem knows no way. Raises as `list_stored` does."""
        with self._session.transaction() as link:
            off = any(link.ask(command).ok for command in self.family.radio_off)
            done = off and link.ask(self.family.radio_on).ok
        self._prepared_in = None
        return done

    def reset(self) -> None:
        """Have the modem start anew, also when it does not answer; its port is opened again by the next call.

        Raises PortLostError.
        """
        try:
            with self._session.transaction() as link:
                answered = any(link.ask(command).ok for command in self.family.reset)
        except ModemSilentError:
            answered = False
        if not answered:
            self._session.shout(self.family.reset)
        self._session.drop()
        self._prepared_in = None

    def health(self) -> ModemHealth:
        """Look at line, SIM, network and memories, and assert the settings anew. Never raises for a modem's trouble."""
        try:
            self._prepare()
            sim = self._unlock()
            if sim.usable:
                return self._look()
            return ModemHealth(self.name, sim.state, sim.reason, trouble=sim.trouble)
        except (ModemError, TimeoutException) as error:
            return ModemHealth(self.name, ModemState.DOWN, str(error) or "no answer", trouble=trouble_of(error))

    @property
    def imsi(self) -> str | None:
        """The SIM's IMSI; None while there is no usable SIM. Raises PortLostError, ModemSilentError."""
        return parse_imsi(self._ask_optional("AT+CIMI"))

    def _prepare(self) -> None:
        """Set everything up unless it is; a modem that started anew has forgotten all of it."""
        with self._preparing:
            self._session.make_ready()
            generation = self._session.generation
            if self._prepared_in == generation:
                return
            with self._session.transaction() as link:
                self.family = identify(link)
            if not self._unlock().usable:
                return
            loaded = self._await_loaded(generation)
            for step in (self._store.discover, self._assert_indications, self._bring_codes_here):
                self._attempt(step)
            # One that still reads its SIM has refused some of this: it is asked again.
            self._prepared_in = generation if loaded else None

    def _await_loaded(self, generation: tuple[int, int]) -> bool:
        """Wait long once after a start; a modem that is never done is not waited for at every call."""
        polls = 1 if self._waited_in == generation else POLLS
        self._waited_in = generation
        with self._session.transaction() as link:
            return await_loaded(link, self.family, polls=polls)

    def _bring_codes_here(self) -> None:
        with self._session.transaction() as link:
            for command in self.family.here:
                ask_optional(link, command)

    def _attempt(self, step: Callable[[], None]) -> None:
        """A modem that falls silent at a refinement can still list and send: it must not fall silent at every poll."""
        try:
            step()
        except ModemSilentError as error:
            log.warning("modem.set_up_incomplete", modem=self.name, reason=str(error))

    def _unlock(self) -> SimReport:
        with self._session.transaction() as link:
            self._note_refused(assert_basics(link))
            sim = unlock(link, self._pin, self.port, self.family)
        if not sim.usable:
            self._prepared_in = None
        return sim

    def _set_up_library(self) -> None:
        self._refused.clear()
        try:
            super().connect()
        except _LIBRARY_FAULTS as error:
            log.warning("modem.library_set_up_cut_short", modem=self.name, error=repr(error))
        if self._refused:
            log.warning("modem.set_up_refused", modem=self.name, commands=sorted(self._refused))

    def _assert_indications(self) -> None:
        with self._session.transaction() as link:
            self._note_refused(assert_indications(link))

    def _note_refused(self, refused: list[str]) -> None:
        if refused:
            log.warning("modem.settings_refused", modem=self.name, commands=refused)

    def _look(self) -> ModemHealth:
        with self._preparing:
            if not self._library_is_set_up:
                # Once: a modem that hangs at one of its commands would else hang at every look. And here, since only a
                # look needs it, and messages that wait need not wait for it.
                self._library_is_set_up = True
                self._set_up_library()
        self._assert_indications()
        registration = self._registration()
        operator = self._quietly(lambda: self.networkName)
        state, reason = network_state(registration, operator)
        memories = self._memories()
        self._store.learn_together()
        self.told_full = self.told_full and not any(one.stored < one.capacity for one in memories)
        return ModemHealth(
            self.name,
            state,
            reason,
            signal_dbm=dbm(self._quietly(lambda: self.signalStrength)),
            registration=registration,
            operator=operator,
            imsi=self.imsi,
            number=parse_number(self._ask_optional("AT+CNUM")),
            memories=memories,
            trouble=None if state is ModemState.UP else Trouble.NETWORK,
        )

    def _registration(self) -> Registration | None:
        circuit = parse_registration(self._ask_optional("AT+CREG?"))
        if circuit and circuit.serves:
            return circuit
        # A modem on LTE alone is not registered in the circuit domain and receives messages all the same.
        packet = parse_registration(self._ask_optional("AT+CEREG?"))
        return packet if packet and packet.serves else circuit

    def _memories(self) -> tuple[MemoryUse, ...]:
        try:
            return self._store.use()
        except RefusedError as error:
            log.warning("modem.memories_unknown", modem=self.name, reason=str(error))
            return ()

    def _ask_optional(self, query: str) -> tuple[str, ...]:
        with self._session.transaction() as link:
            return ask_optional(link, query).lines

    def _quietly(self, query: Callable[[], Any]) -> Any:
        try:
            return query()
        except _LIBRARY_FAULTS:
            return None  # the modem does not know the query, or says nothing to it

    def memory_changed(self) -> None:
        """Choose anew before the next index is used."""
        self._store.distrust()

    def _heard(self, urc: Urc) -> None:
        if urc.code in _STORED:
            self._told |= frozenset(urc.line.split('"')[1:2])
        if urc.code in _ROUTED and urc.body:
            self._routed.take(urc)
        if urc.code == "+CUSD":
            self._take_ussd(f"{urc.line}\n{urc.body}" if urc.body else urc.line)
        self.told_full = self.told_full or urc.code == "^SMMEMFULL"
        if urc.code in _WAKING or tells_reboot(urc.line):
            self._on_wake()

    def _take_ussd(self, text: str) -> None:
        self._ussd = parse_cusd(text, packed=self.family.packed_ussd) or self._ussd

    def _unlockSim(self, pin: str | None) -> None:  # noqa: N802 - the library's name
        """The library would send the PIN at any answer but READY, even a request for the PUK. Ours is done by now."""

    listStoredSms = processStoredSms = readStoredSms = _closed("list_stored")  # noqa: N815
    deleteStoredSms = deleteMultipleStoredSms = _closed("delete")  # noqa: N815
    sendSms = _closed("send")  # noqa: N815
    sendUssd = dial = checkForwarding = setForwarding = _closed("the session")  # noqa: N815
