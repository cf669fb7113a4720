"""Twilio's addresses: a number by itself is SMS, `whatsapp:` before it is WhatsApp."""

from tickets.vocabulary import Channel

WHATSAPP = "whatsapp:"


def split(address: str) -> tuple[Channel, str]:
    """The channel and the number of an address."""
    if address.lower().startswith(WHATSAPP):
        return Channel.WHATSAPP, address[len(WHATSAPP) :].strip()
    return Channel.SMS, address.strip()


def join(channel: Channel, number: str) -> str:
    """The address of a number on a channel."""
    return WHATSAPP + number if channel is Channel.WHATSAPP else number
