"""``python -m siaga112``: the command line."""

from siaga112.cli import main

main()
