"""What a telecom operator's SIP answers mean, in words that say what to do (RFC 3261 clause 21, RFC 3326)."""

_MEANINGS = {
    400: "the operator does not understand our request: ask for the settings they want",
    401: "the operator asks for a password and does not take ours: look at username and password",
    403: "the operator refuses: user name, password or our address; or the number may not be called from here",
    404: "the operator does not know the user or the number: look at username and number_format",
    405: "the operator does not let us register: write register = false",
    406: "the operator does not accept what we offer: look at codecs, dtmf and srtp",
    407: "the operator asks for a password and does not take ours: look at username and password",
    408: "the operator did not answer in time: look at host, transport and the firewall",
    415: "the operator does not take our kind of media: look at codecs",
    423: "the operator wants a longer registration",
    480: "who is called cannot be reached now",
    484: "the number is incomplete: look at number_format",
    486: "who is called is busy",
    487: "the call was given up before it was answered",
    488: "no codec or encryption in common: look at codecs and srtp",
    500: "the operator's server has a fault: tell them",
    501: "the operator's server does not do what we ask: tell them",
    502: "the operator's network has a fault: tell them",
    503: "the operator is overloaded, or the line is full: try later, or look at max_calls",
    504: "the operator's network did not answer in time: tell them",
    603: "who is called declined",
    606: "no codec or encryption in common: look at codecs and srtp",
}

_CLASSES = {
    3: "the operator sends us elsewhere: ask for the right host",
    4: "the operator refuses our request",
    5: "the operator's server has a fault: tell them",
    6: "nobody takes the call there",
}


def meaning(status: int) -> str:
    """A SIP status code of 300 and above, in words; the code stands in front."""
    words = _MEANINGS.get(status) or _CLASSES.get(status // 100) or "an answer that SIP does not know"
    return f"{status}: {words}"
