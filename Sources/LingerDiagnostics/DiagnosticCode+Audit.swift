/// A0xxx: what the open-state audit finds in a spec that compiles.
extension DiagnosticCode {
  package static let audit: [DiagnosticCode] = [
    auditDeadlock, auditUnspecifiedReception, auditOrphanTimer, auditLeftOpen,
    auditFinalUnreachable, auditSpecErrors, auditNotRestored, auditNeverFires, auditNeverHasCase,
  ]

  package static let auditDeadlock = DiagnosticCode(
    "A0101",
    "deadlock: a state is stuck short of a final one",
    """
    With everything in flight lost that may be lost, no call, no timer and no internal
    step leads on, and the state is not one that 'final' allows. The run shown is the
    shortest to such a state.

    Way out: a timer that sends again, a timer that gives up, or, where the protocol may
    stop there, a 'final' that says so. 'final { true }' allows every state.

      audit { expect deadlock }         // it is wanted, and its absence is an error
      audit { without deadlock }        // not asked
    """
  )

  package static let auditUnspecifiedReception = DiagnosticCode(
    "A0102",
    "unspecified reception: a message can arrive that nobody takes",
    """
    A message can arrive at an instance, and in the state that it is in then no
    transition of its role takes it. The network may always be late, so that it is
    enough that it may arrive.

    Way out: a transition for it. A role that drops what it does not know says

      otherwise receive { }
    """
  )

  package static let auditOrphanTimer = DiagnosticCode(
    "A0103",
    "a timer is armed in a final state",
    """
    The protocol has ended, and a timer that nobody waits for still runs: it will
    expire in whatever comes next.

    Way out: 'cancel' it where the protocol ends. One that is meant to run on is
    excepted:

      audit { without orphan-timer for Peer.keepAlive }
    """
  )

  package static let auditLeftOpen = DiagnosticCode(
    "A0104",
    "an instance is left open for ever",
    """
    A fair run goes on for ever and an instance is never again as 'final' wants it:
    timers expire, what is sent again and again arrives, and what is marked 'fair'
    happens. The report names the instance and the state that it stays in, such as
    CLOSE_WAIT.

    If it takes an application that never makes a call that it could make, that is a
    note: nobody can oblige an application. '--strict' makes it a violation, and so does
    'fair' before the transition, which says that the application does call. What stays
    open although every application acts is a violation.

    Way out: a timer that ends the state, such as the limit that TCP stacks add to
    FIN_WAIT_2. A state that is meant to be left open is expected:

      audit { expect left-open for Peer.CLOSE_WAIT }
    """
  )

  package static let auditFinalUnreachable = DiagnosticCode(
    "A0105",
    "no final state can be reached any more",
    """
    From the state in which the run ends no run at all, whatever the network does, leads
    to a state that 'final' allows.
    """
  )

  package static let auditSpecErrors = DiagnosticCode(
    "A0106",
    "a step ends in an error of the spec",
    """
    A value leaves its range, a queue or a network overflows, an assertion fails, or
    time stands still. The step leads to no state, so that the runs through it are cut
    off and what would have to be true of all runs is unknown.

    Way out: a guard, a larger range, or the mending of what the assertion found. This
    check cannot be switched off.
    """
  )

  package static let auditNotRestored = DiagnosticCode(
    "A0107",
    "a variable is not back at its initial value in a final state",
    """
    The spec names variables that have to be as they began when the protocol has ended,
    such as the number of places taken in a table:

      audit { with not-restored for Server.taken }

    No variable is looked at unless it is named: most, like sequence numbers, are meant
    to have moved.
    """
  )

  package static let auditNeverFires = DiagnosticCode(
    "A0201",
    "a transition that never fires",
    """
    In no reachable state the guard is true when its trigger comes. It may be
    superfluous, or another transition may never lead to where it is needed.

      audit { without never-fires for Peer.reset }
    """
  )

  package static let auditNeverHasCase = DiagnosticCode(
    "A0202",
    "a case of an enum that nothing ever has",
    """
    No variable has the case in any reachable state, and the enum is for variables only.

      audit { without never-has-case for Mode.reserved }
    """
  )
}
