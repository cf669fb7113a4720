"""`siaga112 pdu`: what is in an SMS PDU."""

import json
import sys

import click

from hardware.modem.pdu import decode_line


@click.command()
@click.option("--sent", is_flag=True, help="the PDUs are mobile-originated (SMS-SUBMIT)")
def pdu(sent: bool) -> None:
    """Read one PDU in hex a line from standard input, print one JSON object a line."""
    # Bytes that are no text are no PDU either; they must not end the program.
    for line in sys.stdin.buffer:
        click.echo(json.dumps(decode_line(line.decode("ascii", "replace").strip(), sent=sent), ensure_ascii=False))
