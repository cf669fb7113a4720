"""`siaga112 pdu`: what is in an SMS PDU."""

import json

import click

from hardware.modem.pdu import decode_line
from siaga112.cli.standard_input import input_lines


@click.command()
@click.option("--sent", is_flag=True, help="the PDUs are mobile-originated (SMS-SUBMIT)")
def pdu(sent: bool) -> None:
    """Read one PDU in hex a line from standard input, print one JSON object a line."""
    for line in input_lines("latin-1"):
        click.echo(json.dumps(decode_line(line.strip(), sent=sent), ensure_ascii=False))
