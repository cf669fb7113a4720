"""The simulated modem's commands: what cannot be meant never reaches it."""

import pytest
from click.testing import CliRunner

from siaga112.cli.root import cli


@pytest.mark.parametrize("text", ["zz", "0791ZZ", "079", "", " ", "0791 00", "0791\n00"])
def test_pdu_that_is_none(text: str) -> None:
    """One line says what a PDU looks like; whether a modem is there is not even asked."""
    result = CliRunner().invoke(cli, ["modems", "inject", "no-modem", "--pdu", text], catch_exceptions=False)

    assert (2, "") == (result.exit_code, result.stdout)
    assert result.stderr.splitlines()[-1].endswith(
        f"{text!r} is no PDU; write its octets in hex, two digits each: 0791…"
    )


def test_damaged_pdu_is_the_modems_affair() -> None:
    """Octets that make no message may come from any network: they are passed on."""
    result = CliRunner().invoke(cli, ["modems", "inject", "no-modem", "--pdu", "00ff"], catch_exceptions=False)

    assert (1, True) == (result.exit_code, "no-modem" in result.stderr)
