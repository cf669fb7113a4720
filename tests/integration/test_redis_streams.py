"""The promise of a stream: nothing is lost, nothing stops at one bad message."""

import threading
from collections.abc import Iterator

import pytest
from redis import Redis

from redis_queue.connection import connect_for_reading
from redis_queue.errors import UnavailableError, UnknownLetterError
from redis_queue.reader import StreamReader
from redis_queue.streams import Entry, Stream
from tests.support.redis_server import RedisServer

NAME = "siaga112:sms"


@pytest.fixture
def stream(redis_server: RedisServer) -> Iterator[Stream]:
    """A stream on a connection that may block."""
    client = connect_for_reading(redis_server.url)
    stream = Stream(client, NAME)
    stream.ensure()
    yield stream
    client.close()


def texts(entries: list[Entry]) -> list[str]:
    """What the entries say."""
    return [entry.fields["pdu"] for entry in entries]


def read(reader: StreamReader, count: int = 10) -> list[Entry]:
    """Read without waiting for what is not there."""
    return reader.read(count=count, block_ms=1)


def test_what_is_read_and_done_is_gone(stream: Stream) -> None:
    """An entry that is done is in neither stream nor pending list."""
    stream.add({"pdu": "07"})
    reader = StreamReader(stream, "one")

    entries = read(reader)
    stream.done(*entries)

    assert [{"pdu": "07"}] == [entry.fields for entry in entries]
    assert (0, 0) == (stream.length(), stream.pending())


def test_what_was_added_before_the_first_worker_is_read(redis_client: Redis) -> None:
    """A modem may store messages before any worker ever ran: the group begins at 0."""
    stream = Stream(redis_client, NAME)
    stream.add({"pdu": "early"})

    assert [] == read(StreamReader(stream, "one"))  # makes the group
    assert ["early"] == texts(read(StreamReader(stream, "one")))


def test_a_worker_killed_between_read_and_done_gets_it_again(stream: Stream) -> None:
    """After a restart a consumer first gets what it had not finished, then what is new, and knows how often it came."""
    stream.add_all([{"pdu": "a"}, {"pdu": "b"}])
    read(StreamReader(stream, "one"))
    stream.add({"pdu": "c"})

    restarted = StreamReader(stream, "one")
    again = read(restarted, count=1) + read(restarted, count=1) + read(restarted, count=1)

    assert [("a", 2), ("b", 2), ("c", 1)] == [(entry.fields["pdu"], entry.deliveries) for entry in again]


def test_a_dead_consumers_entries_go_to_another(stream: Stream) -> None:
    """What a consumer that never returns was given is taken over, all of it, however many reads that needs."""
    stream.add_all([{"pdu": str(number)} for number in range(25)])
    read(StreamReader(stream, "dead"), count=25)
    reader = StreamReader(stream, "living", claim_idle_ms=0)

    taken: list[Entry] = []
    while entries := read(reader):
        stream.done(*entries)
        taken += entries

    assert [str(number) for number in range(25)] == texts(taken)
    assert {2} == {entry.deliveries for entry in taken}
    assert 0 == stream.length()


def test_a_living_consumers_entries_are_left_alone(stream: Stream) -> None:
    """What was given a moment ago is not taken over."""
    stream.add({"pdu": "a"})
    read(StreamReader(stream, "one"))

    assert [] == read(StreamReader(stream, "two", claim_idle_ms=60_000))


def age(stream: Stream, entry: Entry, consumer: str = "one") -> None:
    """Have it lie with its consumer for ten minutes."""
    stream.redis.xclaim(stream.name, stream.group, consumer, 0, [entry.id], idle=600_000, justid=True)


def test_what_is_in_hand_is_left_alone(stream: Stream) -> None:
    """However long it takes: while its consumer says so nobody takes it over, and it counts as given once."""
    stream.add_all([{"pdu": "in hand"}, {"pdu": "left"}])
    one = StreamReader(stream, "one")
    in_hand, left = read(one)
    age(stream, in_hand)
    age(stream, left)

    assert 1 == one.hold([in_hand])
    assert ["left"] == texts(read(StreamReader(stream, "two")))
    assert [1] == [
        row["times_delivered"] for row in stream.redis.xpending_range(NAME, stream.group, "-", "+", 9, "one")
    ]


def test_what_was_taken_over_is_not_taken_back(stream: Stream) -> None:
    """A consumer that was away for too long holds nothing of what another has now, or has finished."""
    stream.add_all([{"pdu": "taken"}, {"pdu": "done"}])
    one = StreamReader(stream, "one")
    entries = read(one)
    for entry in entries:
        age(stream, entry)
    _, finished = read(StreamReader(stream, "two"))
    stream.done(finished)

    assert 0 == one.hold(entries)
    assert ["two"] == [row["consumer"] for row in stream.redis.xpending_range(NAME, stream.group, "-", "+", 9)]


def test_nothing_is_held_of_a_stream_that_is_gone(stream: Stream) -> None:
    """Somebody flushed the server: the reader makes the stream anew, holding is no error."""
    stream.add({"pdu": "a"})
    one = StreamReader(stream, "one")
    entries = read(one)
    stream.redis.flushall()

    assert 0 == one.hold(entries)


def test_poison_does_not_hide_what_comes_after_it(stream: Stream) -> None:
    """An entry that nobody can finish is passed over, within one run and after a restart."""
    stream.add_all([{"pdu": "poison"}, {"pdu": "good"}])
    first = StreamReader(stream, "one")
    assert ["poison"] == texts(read(first, count=1))
    assert ["good"] == texts(read(first, count=1))

    second = StreamReader(stream, "one")
    assert ["poison", "good"] == texts(read(second, count=1) + read(second, count=1))


def test_rewind_gives_again_what_was_not_done(stream: Stream) -> None:
    """When the database was away the worker gets the same entries again, without a restart."""
    stream.add_all([{"pdu": "a"}, {"pdu": "b"}])
    reader = StreamReader(stream, "one")
    stream.done(read(reader)[0])

    reader.rewind()

    assert ["b"] == texts(read(reader))


def test_an_entry_that_was_deleted_while_pending_is_passed_over(stream: Stream) -> None:
    """A hole in the stream ends nothing and leaves no pending entry behind."""
    first_id = stream.add({"pdu": "a"})
    stream.add({"pdu": "b"})
    read(StreamReader(stream, "one"))
    stream.redis.xdel(NAME, first_id)

    assert ["b"] == texts(read(StreamReader(stream, "one")))
    assert 1 == stream.pending()


def test_done_twice_does_no_harm(stream: Stream) -> None:
    """Two consumers that both finished one entry both may say so."""
    stream.add({"pdu": "a"})
    entries = read(StreamReader(stream, "one"))

    stream.done(*entries)
    stream.done(*entries)

    assert 0 == stream.length()


def test_a_dead_letter_keeps_fields_and_reason_and_can_be_retried(stream: Stream) -> None:
    """What was given up is out of the way, can be read with its reason, and can be put back whole."""
    entry_id = stream.add({"pdu": "zz", "modem": "m1"})
    stream.dead(read(StreamReader(stream, "one"))[0], "no PDU")
    (letter,) = stream.dead_letters()

    assert (entry_id, "no PDU", {"pdu": "zz", "modem": "m1"}) == (letter.entry_id, letter.reason, letter.fields)
    assert (0, 0) == (stream.length(), stream.pending())

    stream.retry(letter.id)

    assert [] == stream.dead_letters()
    assert [{"pdu": "zz", "modem": "m1"}] == [entry.fields for entry in read(StreamReader(stream, "one"))]


def test_an_entry_dies_once(stream: Stream) -> None:
    """Two consumers that both give up one entry leave one dead letter."""
    stream.add({"pdu": "zz"})
    (entry,) = read(StreamReader(stream, "one"))

    stream.dead(entry, "no PDU")
    stream.dead(entry, "no PDU")

    assert 1 == len(stream.dead_letters())


@pytest.mark.parametrize("letter_id", ["1-1", "not an id", ""])
def test_retrying_what_is_no_dead_letter_is_said(stream: Stream, letter_id: str) -> None:
    """A wrong id is one clear line."""
    with pytest.raises(UnknownLetterError) as caught:
        stream.retry(letter_id)

    assert f"{letter_id!r} is no dead letter of {NAME}" == str(caught.value)


def test_dead_letters_come_newest_first_and_limited(stream: Stream) -> None:
    """The list shows the latest."""
    stream.add_all([{"pdu": str(number)} for number in range(3)])
    for entry in read(StreamReader(stream, "one")):
        stream.dead(entry, "no PDU")

    assert ["2", "1"] == [letter.fields["pdu"] for letter in stream.dead_letters(limit=2)]


@pytest.mark.parametrize("text", ["half a pair \ud83d", "\x00\x1b\r\n", "ꦲꦏ꧀ꦱꦫ", "a" * 100_000])
def test_any_text_goes_through_and_never_stops_the_reader(stream: Stream, text: str) -> None:
    """What cannot be UTF-8 arrives escaped; everything else as it was."""
    stream.add({"pdu": text})

    expected = text.encode("utf-8", "backslashreplace").decode()
    assert [expected] == texts(read(StreamReader(stream, "one")))


def test_bytes_of_another_program_do_not_stop_the_reader(stream: Stream) -> None:
    """An entry that is no UTF-8 is given like any other."""
    stream.redis.xadd(NAME, {"pdu": b"\xff\xfe"})

    assert [r"\xff\xfe"] == texts(read(StreamReader(stream, "one")))


@pytest.mark.parametrize("fields", [{}, {"_reason": "x"}])
def test_an_entry_without_fields_or_with_a_reserved_one_is_refused(stream: Stream, fields: dict[str, str]) -> None:
    """The mistake is the caller's, and nothing is added."""
    with pytest.raises(ValueError, match="at least one field"):
        stream.add(fields)

    assert 0 == stream.length()


def test_a_killed_server_keeps_what_it_acknowledged(redis_server: RedisServer, stream: Stream) -> None:
    """kill -9 of Redis loses neither entries, nor who was given what, nor dead letters."""
    stream.add_all([{"pdu": "dead"}, {"pdu": "given"}, {"pdu": "new"}])
    entries = read(StreamReader(stream, "one"), count=2)
    stream.dead(entries[0], "no PDU")

    redis_server.restart()
    reader = StreamReader(stream, "one")

    assert [("given", 2)] == [(entry.fields["pdu"], entry.deliveries) for entry in read(reader)]
    assert ["new"] == texts(read(reader))
    assert ["dead"] == [letter.fields["pdu"] for letter in stream.dead_letters()]


def test_a_server_killed_while_adding_keeps_every_entry_that_was_acknowledged(
    redis_server: RedisServer, stream: Stream
) -> None:
    """A modem may delete what was acknowledged, at whatever moment the server dies."""
    acknowledged: list[str] = []
    enough = threading.Event()

    def add_until_it_dies() -> None:
        with pytest.raises(UnavailableError):
            while True:
                acknowledged.append(stream.add({"pdu": str(len(acknowledged))}))
                if len(acknowledged) == 200:
                    enough.set()

    adding = threading.Thread(target=add_until_it_dies)
    adding.start()
    assert enough.wait(30)
    redis_server.kill()
    adding.join()
    redis_server.start()

    kept = [entry_id for entry_id, _ in stream.redis.xrange(NAME)]
    assert acknowledged == kept[: len(acknowledged)]
    assert 1 >= len(kept) - len(acknowledged), "only the last answer can have been lost"


def test_a_reader_outlives_a_server_that_lost_everything(stream: Stream) -> None:
    """Stream and group are made again; the first read says nothing, the next ones go on."""
    reader = StreamReader(stream, "one")
    read(reader)
    stream.redis.flushall()
    assert (0, []) == (stream.pending(), read(reader))

    stream.add({"pdu": "after"})

    assert ["after"] == texts(read(reader))


def test_a_blocked_read_is_woken_by_an_entry(redis_client: Redis, stream: Stream) -> None:
    """A new entry is given at once to a reader that waits, long before its time is over."""
    found: list[Entry] = []
    waiting = threading.Thread(target=lambda: found.extend(StreamReader(stream, "one").read(block_ms=3000)))
    waiting.start()
    while not redis_client.info("clients")["blocked_clients"]:
        assert waiting.is_alive()

    Stream(redis_client, NAME).add({"pdu": "a"})
    waiting.join()

    assert ["a"] == texts(found)


def test_a_block_that_outlasts_the_socket_is_refused(stream: Stream) -> None:
    """A longer block would look like a dead server."""
    with pytest.raises(ValueError, match="1 to 3000"):
        StreamReader(stream, "one").read(block_ms=8000)


def test_a_dead_server_is_said_and_the_reader_goes_on_after_it(redis_server: RedisServer, stream: Stream) -> None:
    """Reading, adding and finishing fail with the one error that says: later."""
    reader = StreamReader(stream, "one")
    stream.add({"pdu": "a"})
    (entry,) = read(reader)
    redis_server.kill()

    for attempt in (lambda: read(reader), lambda: stream.add({"pdu": "b"}), lambda: stream.done(entry)):
        with pytest.raises(UnavailableError):
            attempt()

    redis_server.start()
    stream.done(entry)
    assert 0 == stream.length()
