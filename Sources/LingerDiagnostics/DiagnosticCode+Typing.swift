/// L03xx: values that do not fit.
extension DiagnosticCode {
  package static let typing: [DiagnosticCode] = [
    typeMismatch, valueOutsideRange, emptyDomain, recursiveType, recursiveHelper,
    cyclicDefinition, notConstant, durationInState, durationNotLinear, needsContext,
    missingArgument, extraArgument, labelMissing, labelOrder, wrongCount, notCallable,
    unsuitableType, comparisonDecided, divisionByZero, noDefaultValue, negativeDuration,
    notExhaustive, repeatedCase, notIterable, notOptional, undefinedConstant, noEffect,
  ]

  package static let typeMismatch = DiagnosticCode(
    "L0301",
    "a value of the wrong type",
    """
    The context needs one type and the value has another. Integers of any range go
    together (their values are checked when they are stored), and a T may stand where a
    T? is needed; nothing else is converted.

      var fin: Bool = 0                 // error: needs Bool
      when msl > 3                      // error: needs a Duration, '3 s'
    """
  )

  package static let valueOutsideRange = DiagnosticCode(
    "L0302",
    "a value that can never be stored",
    """
    The value lies outside the range of what it is stored in, whatever the state is.
    Where only some states lead outside, exploring the spec finds them, with a trace.

      var tries: 0...3 = 5              // error
      tries = 7                         // error
    """
  )

  package static let emptyDomain = DiagnosticCode(
    "L0303",
    "a type or a range without values",
    """
    The low bound of a range is above the high one, an enum has no cases, or a family
    or an array has no elements. Nothing could have such a type.
    A reference to a role without instances cannot begin with `any` for the same reason.

      parameter window: 1...4 = 1
      type Credit = window...0          // error: 1...0 has no values
    """
  )

  package static let recursiveType = DiagnosticCode(
    "L0304",
    "a type that contains itself",
    """
    A struct, message or type that contains itself, directly or through others, would
    have infinitely many values. States are finite.

      struct Node { next: Node? }       // error

    Way out: keep the elements in an array and refer to them by index.
    """
  )

  package static let recursiveHelper = DiagnosticCode(
    "L0305",
    "a function that calls itself",
    """
    Functions are written out where they are called, so none may call itself, directly
    or through others.

      let even(n: 0...9) -> Bool = n == 0 || !even(n - 1)   // error

    Way out: a quantifier ('exists k in 0...4: n == 2 * k') often says the same.
    """
  )

  package static let cyclicDefinition = DiagnosticCode(
    "L0306",
    "a parameter or constant that needs itself",
    """
    The value of a parameter or constant may use others, in any order, but not itself.

      parameter a: 0...9 = b + 1
      parameter b: 0...9 = a            // error: a -> b -> a
    """
  )

  package static let notConstant = DiagnosticCode(
    "L0307",
    "a value that must be known before the protocol runs",
    """
    Bounds of types, defaults, initial values, capacities, budgets and assumptions are
    computed once. They may use parameters, constants and functions, not variables.

      role R { var x: 0...3   var y: 0...x }    // error
    """
  )

  package static let durationInState = DiagnosticCode(
    "L0308",
    "a duration that a state would keep",
    """
    States are finite, durations are not: no variable, field, element or argument of a
    call has the type Duration. Parameters, constants and functions may.

      var deadline: Duration            // error

    Way out: a timer. 'start t for d' takes any duration, and the solver knows when it
    expires.
    """
  )

  package static let durationNotLinear = DiagnosticCode(
    "L0309",
    "arithmetic that is not linear in time",
    """
    The solver keeps durations symbolic, which works as long as they are only added,
    subtracted, compared, and multiplied or divided by integers.

      start t for msl * rto             // error
      start t for 2 * msl + rto         // fine
    """
  )

  package static let needsContext = DiagnosticCode(
    "L0310",
    "a value whose type nothing says",
    """
    '.CASE', 'nil', '[]' and '[repeating: x]' take their type from what they are stored
    in or compared with. Here is nothing of the kind.

      let start = .CLOSED               // error
      let start = State.CLOSED          // fine
    """
  )

  package static let missingArgument = DiagnosticCode(
    "L0311",
    "an argument that is left out",
    """
    A message or struct is given a value for every field that has no default of its
    own ('= value' in its declaration); a function and a signal for every parameter.

      message Segment { seq: 0...3, fin: Bool = false }
      send Segment(fin: true)           // error: 'seq' is missing
    """
  )

  package static let extraArgument = DiagnosticCode(
    "L0312",
    "an argument too many",
    """
    There are more arguments than fields or parameters, or one is given twice.

      let isOpen(s: State) -> Bool = s == .OPEN
      when isOpen(state, 3)             // error
    """
  )

  package static let labelMissing = DiagnosticCode(
    "L0313",
    "an argument without its label",
    """
    The fields of a message or struct are written with their names, so that a reader
    of the spec need not count. Functions and signals take labels for all arguments or
    for none.

      send Segment(0, 1)                // error
      send Segment(seq: 0, ack: 1)      // fine
    """
  )

  package static let labelOrder = DiagnosticCode(
    "L0314",
    "arguments out of order",
    """
    Labelled arguments stand in the order of the declaration.

      message Segment { seq: 0...3, ack: 0...3 }
      send Segment(ack: 1, seq: 0)      // error
    """
  )

  package static let wrongCount = DiagnosticCode(
    "L0315",
    "the wrong number of elements",
    """
    A list for an array has exactly as many elements as the array, one for a queue at
    most its capacity; 'insert', 'remove', 'append' and 'contains' take one value.

      var slots: [3 of Bool] = [true, false]            // error
      var slots: [3 of Bool] = [repeating: false]       // fine
    """
  )

  package static let notCallable = DiagnosticCode(
    "L0316",
    "something called that is not a function",
    """
    Messages, structs and functions are called. Variables, constants, types and timers
    are not; a signal is a statement: 'signal name(...)'.
    """
  )

  package static let unsuitableType = DiagnosticCode(
    "L0317",
    "a type that cannot stand here",
    """
    A map has a key type with few values: Bool, a range, an enum or a role. An
    optional of an optional could not tell its two kinds of nil apart.

      var seen: [Segment: Bool]         // error
    """
  )

  package static let comparisonDecided = DiagnosticCode(
    "L0318",
    "a comparison that is always true or always false",
    """
    The bounds of the types decide the comparison, so the guard or condition says less
    than it seems to. Warned of only where no parameter is involved.

      var tries: 0...3
      when tries < 4                    // warning: always true
    """
  )

  package static let divisionByZero = DiagnosticCode(
    "L0319",
    "a division by zero",
    """
    The divisor is 0 whatever the state is.
    """
  )

  package static let noDefaultValue = DiagnosticCode(
    "L0320",
    "a variable that needs an initial value",
    """
    A variable without an initial value starts with false, 0 (or the low bound), the
    first case, nil, or empty. For a reference to an instance there is no such value.

      role Client { var server: Server }        // error
      instances c: Client(server: s)            // fine, said here

    Way out: give the value at the instances, or make it optional: 'Server?'.
    """
  )

  package static let negativeDuration = DiagnosticCode(
    "L0321",
    "a negative duration",
    """
    Timers run for some time or none; a message lives for some time or none; so a
    parameter that stands for a duration is 0 or more.

      start t for rto - 5 s             // error where rto is 1 s
    """
  )

  package static let notExhaustive = DiagnosticCode(
    "L0322",
    "a 'switch' without a case for every value",
    """
    A 'switch' has a case for every value of what it asks, or 'default'. So a new case
    of an enum is not forgotten anywhere.

      switch state {
      case .OPEN: state = .CLOSED
      }                                 // error: no case for '.CLOSED'
    """
  )

  package static let repeatedCase = DiagnosticCode(
    "L0323",
    "a case that is never taken",
    """
    An earlier case has the same value, or 'default' stands before it.

      case .OPEN: x = 0
      case .OPEN: x = 1                 // error
    """
  )

  package static let notIterable = DiagnosticCode(
    "L0324",
    "something without elements to range over",
    """
    'for', 'choose', 'for all', 'exists', 'count' and 'in' range over a type with few
    values, a role's instances, 'low...high', a set, an array, a queue or a list.

      for x in state { }                // error
      for x in 0...3 { }                // fine
    """
  )

  package static let notOptional = DiagnosticCode(
    "L0325",
    "an optional is needed",
    """
    '!', '??' and 'if let' ask a value that may be nil. This one never is.

      var tries: 0...3
      if let n = tries { }              // error
    """
  )

  package static let undefinedConstant = DiagnosticCode(
    "L0326",
    "a constant without a value",
    """
    The expression must be known before the protocol runs, and computing it fails: an
    index outside, a nil unwrapped, a value outside a function's range.

      let table: [2 of 0...3] = [1, 2]
      parameter first: 0...3 = table[2] // error: the index is outside 0...1
    """
  )

  package static let noEffect = DiagnosticCode(
    "L0327",
    "a statement that changes nothing",
    """
    An expression stands where a statement is needed. Only assignments, 'send',
    'start', 'cancel', 'signal' and the changing functions of sets and queues do
    something.

      state == .CLOSED                  // error; '=' was probably meant
    """
  )
}
