"""The stream of calls: facts and what operators did by their phones, into the database, and from there to the phones.

The database is what counts. Redis has copies for who cannot wait for a database: the call-back list for the phones'
feature code, and the diverted numbers for the calls' script. They are written after each change, and compared from time
to time, since a change may have been made by a command or by another worker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from redis_queue.callbacks import CallbackLine
from redis_queue.misuse import Misuse
from siaga112 import phone
from siaga112.app import App
from siaga112.parts.consuming import FaultyEntryError
from tickets.calls.acts import CalledBack, act_from, is_act
from tickets.calls.callbacks import places_in_line, record_attempt, waiting_callback
from tickets.calls.diversions import diverted_now, diverted_until, lifted_early
from tickets.calls.facts import CallFact
from tickets.calls.merging import record_facts
from tickets.errors import BadCallFactError


class CallIntake:
    """What the worker does with an entry of the stream of calls; threads may share it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._line = CallbackLine(app.redis)
        self._misuse = Misuse(app.redis)

    def handle(self, fields: Mapping[str, str]) -> None:
        """Write one entry down. Raises `FaultyEntryError` for one that stays wrong, else what the servers raise."""
        self.handle_all([fields])

    def handle_all(self, entries: Sequence[Mapping[str, str]]) -> None:
        """Write entries down in their order, facts that follow one another in one transaction; raises as `handle`."""
        try:
            for acts, together in groupby(entries, is_act):
                if acts:
                    for fields in together:
                        self._called_back(act_from(fields))
                else:
                    self._facts([self._fact(fields) for fields in together])
        except BadCallFactError as error:
            raise FaultyEntryError(str(error)) from error

    def compare(self) -> None:
        """Bring the copies in step with the database as a whole."""
        # The copies first: what is changed meanwhile is written after the database has it.
        known = set(self._line.numbers())
        with self._app.store.reading() as session:
            places = places_in_line(session)
            diverted = diverted_now(session, datetime.now(UTC))
            lifted = lifted_early(session, datetime.now(UTC))
        for number in known - places.keys():
            self._line.remove(number)
        for number in places.keys() - known:
            self._line.add(number, places[number])
        for number, until in diverted.items():
            self._divert(number, until)
        for number in lifted:
            self._misuse.lift(number)

    def copy(self, number: str | None, *, tried: bool = False) -> None:
        """Bring the copies of what is known of one number in step with the database; `tried`: it was called back."""
        if not number:
            return
        with self._app.store.reading() as session:
            entry = waiting_callback(session, number)
            until = diverted_until(session, number, datetime.now(UTC))
        if entry is None:
            self._line.remove(number)
        else:
            self._line.add(number, entry.place)
            if tried:
                self._line.put_back(number, entry.place)
        if until is None:
            self._misuse.lift(number)
        else:
            self._divert(number, until)

    def _fact(self, fields: Mapping[str, str]) -> CallFact:
        fact = CallFact.from_fields(fields)
        # Scripts, watcher and CDR file each saw the number as it came to them; here it gets its one spelling.
        country = self._app.settings.site.country
        caller, called = phone.caller_from(fact.caller or ""), fact.called
        caller, called = caller and phone.normalise(caller, country), called and phone.normalise(called, country)
        return fact if (caller, called) == (fact.caller, fact.called) else replace(fact, caller=caller, called=called)

    def _facts(self, facts: Sequence[CallFact]) -> None:
        with self._app.store.transaction() as session:
            numbers = record_facts(session, facts, self._app.call_context).numbers
        called = {fact.called for fact in facts}
        for number in sorted(numbers):
            self.copy(number, tried=number in called)

    def _called_back(self, act: CalledBack) -> None:
        number = phone.normalise(act.number, self._app.settings.site.country)
        with self._app.store.transaction() as session:
            record_attempt(session, number, answered=act.answered, actor=f"operator:{act.operator}", at=act.at)
        self.copy(number, tried=True)

    def _divert(self, number: str, until: datetime) -> None:
        seconds = round((until - datetime.now(UTC)).total_seconds())
        if seconds > 0:
            self._misuse.mark(number, seconds)
