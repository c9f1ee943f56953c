import ArgumentParser

// A reader that has seen enough (`linger check ... | head`) must not kill us with a signal: the
// write then fails, and ``Console`` leaves quietly.
Signals.prepare()
RootCommand.main()
