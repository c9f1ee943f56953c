/// L04xx: how the parts of a protocol fit together.
extension DiagnosticCode {
  package static let structure: [DiagnosticCode] = [
    peerStateRead, ghostRead, notAssignable, receiverUnclear, noRoute, routeTwice,
    receiveNeedsType, senderUnclear, messageToItself, networkOption, networkWithoutRoutes,
    nothingToCheck, roleWithoutInstances, neverSent, neverReceived, neverArrives,
    timerWithoutTimeout, timerNeverStarted, unreachableOtherwise, assumptionFails,
    parameterWithoutValue, misplacedLeadsTo, observerMisuse, selfOutsideRole, secondFinal,
    callsDiffer, symmetryBroken, elapsedMisplaced, urgentMisplaced, checkStays, timerIndex,
    noInitialState, auditEntryMisused,
  ]

  package static let peerStateRead = DiagnosticCode(
    "L0401",
    "a role reads what it cannot see",
    """
    Code of a role sees its own instance's variables and what messages bring. The state
    of a peer is elsewhere: a protocol that reads it would not run on a real network.
    Properties see everything.

      transition close on internal when b.state == .CLOSED { }      // error

    Way out: let the peer send it in a message.
    """
  )

  package static let ghostRead = DiagnosticCode(
    "L0402",
    "a role reads a ghost variable",
    """
    A ghost variable records something for properties. The protocol must run the same
    without it, so neither a guard nor a body reads one, except to assign another
    ghost.

      ghost var wasOpen = false
      transition t on internal when wasOpen { }     // error

    Way out: make it a plain 'var' if the protocol depends on it.
    """
  )

  package static let notAssignable = DiagnosticCode(
    "L0403",
    "something assigned that is not a variable",
    """
    Only variables of the role are assigned, and fields and elements of them. Local
    names, parameters, received messages and constants stay what they are.

      transition t on receive s { s.seq = 0 }       // error
    """
  )

  package static let receiverUnclear = DiagnosticCode(
    "L0404",
    "a message without a receiver",
    """
    'send' without 'to' goes to the only instance that a route leads to. Here are
    several, or none.

      instances a, b, c: Peer
      send Segment(seq: 0)              // error: to whom?
      send Segment(seq: 0) to q         // fine
    """
  )

  package static let noRoute = DiagnosticCode(
    "L0405",
    "a message that no network carries",
    """
    A message travels along a route of a network: from one role to another.

      network { Client -> Server: Request }
      role Server { transition t on internal { send Request() } }   // error

    Way out: declare the route.
    """
  )

  package static let routeTwice = DiagnosticCode(
    "L0406",
    "two routes for one message",
    """
    From one role to another a message travels over one network, or it would not be
    known which one loses it.
    """
  )

  package static let receiveNeedsType = DiagnosticCode(
    "L0407",
    "a reception that does not say of what",
    """
    Where one kind of message arrives at a role, 'on receive s' takes it. Where several
    do, the message is named; where none does, there is nothing to receive.

      on receive s                      // error if Data and Ack arrive
      on receive s: Data                // fine
    """
  )

  package static let senderUnclear = DiagnosticCode(
    "L0408",
    "a sender whose role is open",
    """
    'from q' binds the instance that sent the message. If instances of several roles
    may have, 'q' has no type.

    Way out: a message of its own for each role.
    """
  )

  package static let messageToItself = DiagnosticCode(
    "L0409",
    "an instance sends to itself",
    """
    Networks lie between instances. What an instance tells itself is a change of its
    own state.
    """
  )

  package static let networkOption = DiagnosticCode(
    "L0410",
    "an option of a network that cannot be",
    """
    The options are 'loss', 'duplication' (with a budget or without), 'reordering',
    'explicit', 'capacity N', 'lifetime d' and 'delay low...high'. Each stands once;
    budgets are at least 0, a capacity at least 1. Without a budget, and without
    'explicit', duplication makes the network a set of values, which has no capacity
    and no delay: a copy may arrive at any later time. A network has a lifetime or a
    delay, not both.

      network { Peer -> Peer: Segment
                loss 2, reordering, capacity 3 }
    """
  )

  package static let networkWithoutRoutes = DiagnosticCode(
    "L0411",
    "a network that carries nothing",
    """
    A network has at least one route: 'Sender -> Receiver: Message'.
    """
  )

  package static let nothingToCheck = DiagnosticCode(
    "L0412",
    "a protocol without roles or instances",
    """
    A protocol runs when there are instances of its roles:

      role Peer { }
      instances a, b: Peer

    A file without a 'protocol' line needs neither: it is there to be imported.
    """
  )

  package static let roleWithoutInstances = DiagnosticCode(
    "L0413",
    "a role that never runs",
    """
    No instance of the role is declared, so its transitions never fire and its messages
    are never sent.
    """
  )

  package static let neverSent = DiagnosticCode(
    "L0414",
    "a route that nothing uses",
    """
    No transition of the sending role sends the message to the receiving role. Either
    the route or the 'send' was forgotten.
    """
  )

  package static let neverReceived = DiagnosticCode(
    "L0415",
    "a message that nobody takes",
    """
    The message is sent, and no transition of the receiving role receives it: every
    arrival is an unspecified reception.

    Way out: a transition 'on receive m: Message', or 'otherwise receive { }'.
    """
  )

  package static let neverArrives = DiagnosticCode(
    "L0416",
    "a reception of what never arrives",
    """
    A transition receives a message that no route brings to its role.
    """
  )

  package static let timerWithoutTimeout = DiagnosticCode(
    "L0417",
    "a timer that nobody awaits",
    """
    The timer is started, no transition is 'on timeout' of it, and no guard asks for
    its 'elapsed' time: it expires and nothing happens.
    """
  )

  package static let timerNeverStarted = DiagnosticCode(
    "L0418",
    "a timer that nothing starts",
    """
    A transition awaits the timeout and nothing starts the timer, so the transition
    never fires; or nothing uses the timer at all.
    """
  )

  package static let unreachableOtherwise = DiagnosticCode(
    "L0419",
    "an 'otherwise' that is never reached",
    """
    A role has one 'otherwise receive' for everything and one for each message. A
    second one, or one for everything where every message has its own, takes nothing.
    """
  )

  package static let assumptionFails = DiagnosticCode(
    "L0420",
    "an assumption that does not hold",
    """
    'assume' says for which parameters the spec is meant. The values in force are
    others.

      assume rto > 0 s && msl > 0 s

    Way out: choose other values with --set or --profile, or correct the assumption.

    Assumptions that exclude each other hold for no values at all:

      assume timeWait >= 2 * msl && msl > 0 s
      assume timeWait < msl

    A smallest set of such assumptions is shown, each with its place. Way out: correct
    one of them. They are found where they are made of linear comparisons with '&&',
    '||', '!' and 'implies'; finite parameters are tried with all their values.
    """
  )

  package static let parameterWithoutValue = DiagnosticCode(
    "L0421",
    "a parameter without a value",
    """
    The parameter has no default, so a value must be chosen: '--set name=value', or a
    profile.
    """
  )

  package static let misplacedLeadsTo = DiagnosticCode(
    "L0422",
    "'~>' in the wrong place",
    """
    'p ~> q' says that whenever p holds, q holds later. It is the whole of an
    'eventually', below 'for all' at most; it is not part of another expression.

      eventually closes { for all p in Peer: p.state == .FIN ~> p.state == .CLOSED }
    """
  )

  package static let observerMisuse = DiagnosticCode(
    "L0423",
    "the network observed where it cannot be",
    """
    Properties see the whole network: 'network.isEmpty', 'network.count',
    'network.count(M(...), from: p, to: q)'. Code of a role may count the copies of its
    own messages only: 'network.count(M(...))', 'network.count(M(...), to: q)', as a
    sender with a window does.
    """
  )

  package static let selfOutsideRole = DiagnosticCode(
    "L0424",
    "'self' where no instance acts",
    """
    'self' is the instance whose transition runs. A property, a constant or a function
    outside of a role belongs to none.
    """
  )

  package static let secondFinal = DiagnosticCode(
    "L0425",
    "a second 'final'",
    """
    'final' says where it is fine to stop, in one condition.

      final { for all p in Peer: p.state == .CLOSED || p.state == .LISTEN }
    """
  )

  package static let callsDiffer = DiagnosticCode(
    "L0426",
    "one call with different parameters",
    """
    A call is what the application asks for. Transitions that take the same call have
    the same parameters.

      transition a on call put(n: 0...3) { }
      transition b on call put() { }    // error
    """
  )

  package static let symmetryBroken = DiagnosticCode(
    "L0427",
    "a symmetric instance called by its name",
    """
    'symmetric' says that the instances may be swapped without changing the protocol.
    A spec that names one of them treats it unlike the others, so they may not.

      symmetric instances node[3]: Node
      invariant one { node[0].isLeader }        // warning
      invariant any { for all n in Node: n.isLeader }

    Way out: range over the role, or drop 'symmetric'.
    """
  )

  package static let elapsedMisplaced = DiagnosticCode(
    "L0431",
    "elapsed time asked for where it cannot be",
    """
    't.elapsed' is the time since the timer 't' was started. It can be compared with a
    duration in the guard of a transition, also with '&&', '||', '!' and in a helper
    that a guard uses; while 't' is not armed no such comparison is true.

      transition retry on call retry() when t.elapsed >= 5 s { }    // fine
      transition look on call look() { late = t.elapsed >= 5 s }    // error
      timed invariant i { a.t.elapsed <= 5 s }                      // error

    A message whose reception depends on it needs an 'otherwise receive', which takes
    it at the other times.

    Way out: let a transition set a variable when the time has come, or use a timer
    that expires then.
    """
  )

  package static let urgentMisplaced = DiagnosticCode(
    "L0432",
    "'urgent' where it cannot be",
    """
    Time does not pass while an urgent transition is enabled. That is for 'internal'
    and 'call', with guards over what the instance remembers. A timeout is urgent by
    itself; how long a message takes is said by 'delay' of its network; a guard that
    asks for elapsed time would have no first moment at which it is true.

      urgent transition reply on internal when isAsked { send Reply() }   // fine
      urgent transition took on receive m { }                             // error
    """
  )

  package static let checkStays = DiagnosticCode(
    "L0440",
    "a check that cannot be switched off like this",
    """
    Errors of the spec are always looked for. A step that ends in one leads on to no
    state, so every other verdict would be about a part of the runs only.

      audit { without spec-errors }                   // error

    Exceptions are for the checks that are about single things: a timer, a transition,
    a case.

      audit {
        without orphan-timer for Peer.keepAlive       // fine
        without deadlock for Peer.keepAlive           // error
      }

    Way out: switch the check off as a whole ('without deadlock'), or leave it on.
    """
  )

  package static let timerIndex = DiagnosticCode(
    "L0441",
    "a timer without its index, or with one too many",
    """
    'timer retry[3]' declares three timers, each with a life of its own. What is said
    of one names it by its index; 'on timeout' gives the index a name.

      timer retry[3]
      start retry for rto             // error: which one?
      start retry[0] for rto          // fine
      transition again on timeout retry[i] { start retry[i] for rto }

    A timer that is declared without an index has none.
    """
  )

  package static let noInitialState = DiagnosticCode(
    "L0442",
    "a protocol that cannot begin",
    """
    A variable declared with '= any' begins with any value of its type; 'initially'
    says which combinations count. Here no combination does.

      role Node { var id: 0...2 = any }
      instances a, b: Node
      initially { a.id < b.id }                  // fine: three initial states
      initially { a.id < b.id && b.id == 0 }     // error

    Nothing would hold or fail of such a spec: it has no run.
    """
  )

  package static let auditEntryMisused = DiagnosticCode(
    "L0443",
    "a wish that the audit cannot grant",
    """
    'with' names a variable that has to be as it began in final states; no other check
    needs to be asked for. 'expect' names a check whose finding is wanted, which has to
    be asked of the spec; 'left-open' may say which control state is left open.

      audit {
        with not-restored for Server.taken              // fine
        expect left-open for Peer.CLOSE_WAIT            // fine
        expect never-fires                              // error: it only warns
      }
    """
  )
}
