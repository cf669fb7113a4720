"""G.711, RTP, telephone events and tones."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.softphone.errors import SoftphoneError, SoundError
from hardware.softphone.g711 import Codec, decode, encode
from hardware.softphone.hearing import Hearing
from hardware.softphone.negotiation import Agreement
from hardware.softphone.rtp import RtpError, RtpPacket
from hardware.softphone.rtp_sender import RtpSender
from hardware.softphone.sounds import SILENCE, Sound
from hardware.softphone.telephone_event import KeyEar, TelephoneEvent, key_press
from hardware.softphone.tone import has_tone, rms, sine

AGREED = Agreement(Codec.PCMA, 101, ("127.0.0.1", 9), sends=True)


@pytest.mark.parametrize(
    ("codec", "sample", "byte"),
    [
        (Codec.PCMA, 0, 0xD5),
        (Codec.PCMA, -1, 0x55),
        (Codec.PCMA, 32767, 0xAA),
        (Codec.PCMA, -32768, 0x2A),
        (Codec.PCMU, 0, 0xFF),
        (Codec.PCMU, 32767, 0x80),
        (Codec.PCMU, -32768, 0x00),
    ],
)
def test_g711_known_values(codec: Codec, sample: int, byte: int) -> None:
    """The values of ITU-T G.711's tables at zero and at both ends."""
    assert bytes([byte]) == encode(codec, [sample])


@pytest.mark.parametrize("codec", list(Codec))
def test_g711_every_byte_survives_decoding_and_encoding(codec: Codec) -> None:
    """Decoding hits the middle of each interval; µ-law's second zero becomes the first."""
    every = bytes(range(256))

    expected = every if codec is Codec.PCMA else every.replace(b"\x7f", b"\xff")
    assert expected == encode(codec, decode(codec, every))


@pytest.mark.parametrize("codec", list(Codec))
@given(st.integers(-32768, 32767))
def test_g711_error_is_small(codec: Codec, sample: int) -> None:
    """A sample is off by at most half an interval: 1/32 of its size, or the smallest one; µ-law clips at 32124."""
    wanted = sample if codec is Codec.PCMA else max(-32124, min(32124, sample))

    assert abs(decode(codec, encode(codec, [sample]))[0] - wanted) <= max(16, abs(wanted) / 24)


@given(
    st.builds(
        RtpPacket,
        st.integers(0, 127),
        st.integers(0, 0xFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.binary(max_size=200),
        st.booleans(),
    )
)
def test_rtp_survives_the_round_trip(packet: RtpPacket) -> None:
    """What is written is what is read."""
    assert packet == RtpPacket.from_bytes(packet.to_bytes())


@given(st.binary(max_size=100) | st.binary(max_size=100).map(lambda noise: b"\xbf" + noise))
def test_any_datagram_is_rtp_or_an_error(datagram: bytes) -> None:
    """No other exception leaves the reader, whatever the header claims."""
    try:
        packet = RtpPacket.from_bytes(datagram)
    except RtpError:
        return
    assert len(packet.payload) <= len(datagram) - 12


def test_rtp_padding_extension_and_sources_are_skipped() -> None:
    """Only the audio is left of a packet with everything (RFC 3550 sections 5.1 and 5.3.1)."""
    header = bytes([0x80 | 0x20 | 0x10 | 1, 8]) + bytes(10)
    datagram = header + bytes(4) + b"\xbe\xde\x00\x01" + bytes(4) + b"audio" + b"\x00\x00\x03"

    assert RtpPacket.from_bytes(datagram).payload == b"audio"


def test_key_press_grows_and_ends_three_times() -> None:
    """RFC 4733 section 2.5.1.4: 100 ms are four updates and three equal ends."""
    events = key_press("#", 100, 160)

    assert [event.duration for event in events] == [160, 320, 480, 640, 800, 800, 800]
    assert [event.end for event in events] == [False] * 4 + [True] * 3


@pytest.mark.parametrize(("key", "duration_ms"), [("E", 100), ("", 100), ("1", 0), ("1", 9000), ("12", 100)])
def test_key_that_cannot_be_pressed_is_refused(key: str, duration_ms: int) -> None:
    """The error comes to the one who presses, before anything is sent."""
    with pytest.raises(SoftphoneError):
        key_press(key, duration_ms, 160)


@pytest.mark.parametrize("key", "0123456789*#ABCD")
def test_telephone_event_survives_the_round_trip(key: str) -> None:
    """All sixteen keys have their code."""
    event = TelephoneEvent(key, 800, end=True)

    assert event == TelephoneEvent.from_bytes(event.to_bytes())


@pytest.mark.parametrize("payload", [b"", b"\x01\x8a", b"\x10\x8a\x03\x20"])
def test_other_events_are_no_keys(payload: bytes) -> None:
    """A flash (code 16) or a stump is not taken for a key."""
    assert TelephoneEvent.from_bytes(payload) is None


def test_key_is_heard_once_however_often_its_end_comes() -> None:
    """Three end packets are one key; the same key with a new timestamp is another."""
    ear = KeyEar()
    packets = [(10, False), (10, True), (10, True), (10, True), (900, True), (900, True)]

    heard = [ear.hear(at, TelephoneEvent("7", 800, end)) for at, end in packets]

    assert heard == [None, "7", None, None, "7", None]


def test_sender_keeps_the_timestamp_of_a_key_while_time_goes_on() -> None:
    """RFC 4733 section 2.5.1.2: one timestamp for the key, and audio afterwards where time has got to."""
    sent: list[str] = []
    sender = RtpSender(sent.append)
    first = sender.next_packet(AGREED)
    sender.press("5", 60)

    packets = [sender.next_packet(AGREED) for _ in range(6)]

    since = [(packet.timestamp - first.timestamp) & 0xFFFFFFFF for packet in packets]
    assert since == [160, 160, 160, 160, 160, 960]
    assert [packet.payload_type for packet in packets] == [101, 101, 101, 101, 101, 8]
    assert [packet.marker for packet in packets] == [True, False, False, False, False, True]
    assert list(range(1, 7)) == [(packet.sequence - first.sequence) & 0xFFFF for packet in packets]
    assert sent == ["5"]


def test_two_keys_have_a_pause_between_them() -> None:
    """ITU-T Q.24: without a pause of 65 ms two equal keys may be taken for one."""
    sender = RtpSender(lambda key: None)
    sender.press("1", 20)
    sender.press("1", 20)

    types = [sender.next_packet(AGREED).payload_type for _ in range(11)]

    assert types == [101] * 3 + [8] * 4 + [101] * 3 + [8]


def test_sound_ends_in_silence() -> None:
    """A short sound is filled up with the codec's own zero."""
    sender = RtpSender(lambda key: None)
    sender.play(Sound((1000,) * 200))

    payloads = [sender.next_packet(AGREED).payload for _ in range(3)]

    assert encode(Codec.PCMA, [1000] * 160) == payloads[0]
    assert encode(Codec.PCMA, [1000] * 40) + b"\xd5" * 120 == payloads[1]
    assert payloads[2] == b"\xd5" * 160
    assert sender.finished


def _hearing(samples: list[int], codec: Codec = Codec.PCMA) -> Hearing:
    hearing = Hearing()
    data = encode(codec, samples)
    for index in range(0, len(data), 160):
        hearing.take(RtpPacket(codec.payload_type, index // 160, index, 1, data[index : index + 160]), 101)
    return hearing


@pytest.mark.parametrize("codec", list(Codec))
def test_tone_is_heard_and_others_are_not(codec: Codec) -> None:
    """A tone through G.711 is recognised, and told from its neighbours."""
    hearing = _hearing(sine(440, 4000), codec)

    assert hearing.has_tone(440)
    assert [hearing.has_tone(other) for other in (400, 480, 880, 1000)] == [False] * 4
    assert pytest.approx(hearing.rms(), rel=0.02) == 2828
    assert hearing.seconds == 1.0


def test_noise_and_silence_are_no_tone() -> None:
    """Neither white noise nor a quiet line is taken for a tone."""
    # The digits of a hash are as good as white noise, and the same every time.
    noise = hashlib.shake_256(b"112").digest(4000)

    assert not has_tone([64 * (byte - 128) for byte in noise], 440)
    assert not has_tone([0] * 4000, 440)
    assert not has_tone([], 440)
    assert rms([]) == 0.0


def test_late_and_doubled_packets_are_not_heard() -> None:
    """A packet that is not newer than the last one adds nothing; a new source starts anew."""
    hearing = Hearing()
    for sequence, ssrc in ((65535, 1), (0, 1), (0, 1), (65534, 1), (7, 2)):
        hearing.take(RtpPacket(8, sequence, 0, ssrc, b"\xd5" * 160), 101)

    assert hearing.packets == 3


def test_unknown_payload_types_are_not_heard() -> None:
    """RTCP on the wrong port or comfort noise is no audio."""
    hearing = Hearing()

    hearing.take(RtpPacket(13, 1, 0, 1, b"\x20"), 101)

    assert (hearing.packets, hearing.seconds) == (0, 0.0)


@pytest.mark.parametrize("frequency", [0, 4000, -1])
def test_tone_beyond_the_line_is_refused(frequency: int) -> None:
    """8 kHz carries less than 4 kHz."""
    with pytest.raises(SoundError):
        Sound.tone(frequency)


def test_silence_is_over_before_it_begins() -> None:
    """Waiting for the end of silence does not wait."""
    sender = RtpSender(lambda key: None)
    sender.play(SILENCE)

    assert sender.finished
