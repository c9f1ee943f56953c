/// L02xx: names that mean nothing here, or too much.
extension DiagnosticCode {
  package static let naming: [DiagnosticCode] = [
    unknownName, unknownType, duplicateName, unknownMember, unknownCase, wrongKind,
    unknownMessage, unknownRole, unknownTimer, unknownSignal, unknownParameter, unknownProfile,
    unknownLabel, nothingToReplace, changeOutsideVariant, unknownCheck,
  ]

  /// What a declaration that the parser had to skip may cause elsewhere; said after a syntax
  /// error, it would be noise.
  package static let causedByAbsence: [DiagnosticCode] = [
    unknownName, unknownType, unknownMember, unknownCase, unknownMessage, unknownRole,
    unknownTimer, unknownSignal, unknownParameter, unknownProfile, unknownLabel,
    nothingToReplace, nothingToCheck, noRoute, receiverUnclear, receiveNeedsType,
    networkWithoutRoutes, needsContext, missingArgument, notExhaustive, wrongCount,
    parameterWithoutValue, observerMisuse,
  ]

  package static let unknownName = DiagnosticCode(
    "L0201",
    "a name that stands for nothing here",
    """
    A value is named that no declaration brings: no parameter, constant, function,
    instance, variable of the role, or local name.

      transition open on call open() when sate == .CLOSED { }   // error: 'sate'

    Cases of an enum are written with a point ('.CLOSED'). Outside of a role its
    variables are asked of an instance ('p.state').

    Way out: correct the name, or declare it.
    """
  )

  package static let unknownType = DiagnosticCode(
    "L0202",
    "a type that is not declared",
    """
    A type is named that no 'type', 'enum', 'struct', 'message' or 'role' declares.
    The built-in ones are Bool, Duration, ranges, optionals, Set, Queue, arrays and
    maps. There is no unbounded integer: a state must be finite.

      var tries: Int = 0        // error
      var tries: 0...3 = 0      // fine
    """
  )

  package static let duplicateName = DiagnosticCode(
    "L0203",
    "two declarations of one name",
    """
    Everything at the top of a spec shares one space of names: parameters, types,
    constants, functions, roles, instances and named networks. So do the members of a
    role, its transitions, the fields of a record, the cases of an enum, and the
    properties. The first declaration counts.

      enum Mode { IDLE, BUSY, IDLE }    // error: 'IDLE' twice

    In a variant, 'replace' before a declaration takes the place of the base's one.
    """
  )

  package static let unknownMember = DiagnosticCode(
    "L0204",
    "a member that a value does not have",
    """
    After a point stands a field of a record, a variable, timer or function of an
    instance, or what a set, queue, array or timer can be asked: 'count', 'isEmpty',
    'isFull', 'first', 'contains', 'isArmed'.

      when s.sequence == 0      // error where the message has a field 'seq'

    An optional has no members of its own: unwrap it first.
    """
  )

  package static let unknownCase = DiagnosticCode(
    "L0205",
    "a case that an enum does not have",
    """
      enum State { OPEN, CLOSED }
      var state: State = .CLOSE         // error: did you mean '.CLOSED'?

    Way out: correct the name, or add the case to the enum.
    """
  )

  package static let wrongKind = DiagnosticCode(
    "L0206",
    "a name used as something that it is not",
    """
    A type stands where a value is needed, a parameter where a type is needed, a
    timer or a range where its value would be.

      when retransmission { }           // error: a timer is not a value
      when retransmission.isArmed { }   // fine
    """
  )

  package static let unknownMessage = DiagnosticCode(
    "L0207",
    "a message that is not declared",
    """
    Routes, 'on receive', 'send' and 'network.count' take what 'message' declares. A
    struct is not a message: it is only sent inside of one.

      struct Segment { seq: 0...3 }
      network { Peer -> Peer: Segment } // error: 'Segment' is a struct

    Way out: declare it with 'message'.
    """
  )

  package static let unknownRole = DiagnosticCode(
    "L0208",
    "a role that is not declared",
    """
    Routes, instances and 'extend role' name roles.

      instances a, b: Pear              // error: did you mean 'Peer'?
    """
  )

  package static let unknownTimer = DiagnosticCode(
    "L0209",
    "a timer that the role does not have",
    """
    'start', 'cancel' and 'on timeout' name a timer that the same role declares.

      timer retransmission
      transition resend on timeout retransmision { }   // error
    """
  )

  package static let unknownSignal = DiagnosticCode(
    "L0210",
    "a signal that the role does not have",
    """
    A role tells its application something with a signal that it declares:

      signal delivered(value: 0...3)
      transition take on receive s { signal delivered(s.value) }
    """
  )

  package static let unknownParameter = DiagnosticCode(
    "L0211",
    "a parameter that is not declared",
    """
    '--set', 'set' in a variant and the values of a profile name parameters of the
    spec.

      parameter resends: 0...8 = 2
      profile slow { resend = 4 }       // error: did you mean 'resends'?
    """
  )

  package static let unknownProfile = DiagnosticCode(
    "L0212",
    "a profile that is not declared",
    """
    '--profile NAME' chooses one of the profiles that the spec declares:

      profile linux { timeWait = 60 s }
    """
  )

  package static let unknownLabel = DiagnosticCode(
    "L0213",
    "an argument that nothing is declared for",
    """
    The label of an argument is the name of a field, a parameter or, at instances, of
    a variable.

      message Segment { seq: 0...3 }
      send Segment(sequence: 0)         // error: did you mean 'seq'?
    """
  )

  package static let nothingToReplace = DiagnosticCode(
    "L0214",
    "a change of something that is not there",
    """
    In a variant, 'replace' takes the place of a declaration with the same name, and
    'remove' drops one. The base has none of this name.

      variant NoResend of "Sender.linger"
      extend role Sender { replace transition resent on internal { } }

    Way out: correct the name; a new declaration stands without 'replace'.
    """
  )

  package static let changeOutsideVariant = DiagnosticCode(
    "L0215",
    "a change outside a variant",
    """
    'set', 'replace', 'remove' and 'extend role' change another file's declarations,
    so they stand only in a file that begins with

      variant Name of "Base.linger"
    """
  )

  package static let unknownCheck = DiagnosticCode(
    "L0216",
    "a check that the audit does not have",
    """
    'audit { without NAME }' names one of the checks that every spec gets: deadlock,
    unspecified-reception, final-reachable, orphan-timer, never-fires or
    never-has-case.

      audit { without orphan-timers }       // error: did you mean 'orphan-timer'?
    """
  )
}
