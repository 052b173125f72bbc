"""The command line: `goatcheck` and its commands, each in a module of its own that is imported when it is asked for."""

from goatcheck.cli.shell import Command, Shell

COMMANDS = {
    "run": Command("goatcheck.cli.run", "Judge a target; without one, the embedded mock."),
    "doctor": Command("goatcheck.cli.doctor", "Look at a target before minutes are spent on it."),
    "mock": Command("goatcheck.cli.mock", "Serve the reference mock."),
    "prove": Command("goatcheck.cli.prove", "Show that the suite catches every fault it knows."),
    "matrix": Command("goatcheck.cli.matrix", "Judge several targets, and lay them side by side."),
    "audit": Command("goatcheck.cli.audit", "Judge recorded traffic, without a request."),
    "explain": Command("goatcheck.cli.explain", "Tell what a requirement means and how it is tried."),
    "export": Command("goatcheck.cli.export", "Write a right mock for Prism, WireMock, Mockoon or json-server."),
    "init": Command("goatcheck.cli.init", "Write a commented profile."),
    "diff": Command("goatcheck.cli.diff", "Compare two reports: what regressed, what was fixed."),
    "contract-diff": Command("goatcheck.cli.contract_diff", "Tell breaking from additive changes of the contract."),
    "report": Command("goatcheck.cli.report", "Render a report again from a run's journal."),
    "clean": Command("goatcheck.cli.clean", "Remove what killed runs left on a target."),
}
"""Every command: the module whose `command` it is, and its line in the help."""

main = Shell(COMMANDS)
"""The program: parses the arguments, runs one command, ends the process with its exit code."""

__all__ = ["COMMANDS", "main"]
