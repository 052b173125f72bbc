"""`python -m goatcheck`: the program, where its script is not on the path."""

from goatcheck.cli import main

main()
