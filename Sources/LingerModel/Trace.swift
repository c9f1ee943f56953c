package import LingerDiagnostics

/// One step: a transition of one instance, or an act of the network.
package enum Step: Hashable, Sendable {
  /// A transition; `choices` are the values of its call parameters, then those that `choose`
  /// took, in the order they were made.
  case transition(instance: Int, transition: Int, cause: Cause, choices: [Value])
  /// An armed timer expires where no transition takes it: it is disarmed, nothing else.
  case ignoredTimeout(instance: Int, timer: Int)
  /// The network loses one copy; `position` counts from the head of a queue, else 0.
  case lose(Envelope, position: Int)
  /// The network adds a copy (in a queue: right behind the original).
  case duplicate(Envelope, position: Int)

  /// What set a transition off.
  package enum Cause: Hashable, Sendable {
    case call
    case receive(Envelope)
    case timeout(timer: Int)
    case `internal`
  }

  /// Whether the network did it: it counts as a fault.
  package var isFault: Bool {
    switch self {
    case .lose, .duplicate: true
    case .transition, .ignoredTimeout: false
    }
  }
}

/// What came out of a step besides the new state.
package enum Effect: Hashable, Sendable {
  /// Sent; `isDropped` where the network's named capacity had no place for it.
  case send(Envelope, isDropped: Bool)
  case signal(instance: Int, signal: Int, arguments: [Value])
  /// Armed, or armed anew; how long it runs, in seconds, for the parameter values in force.
  case start(instance: Int, timer: Int, duration: Rational)
  case cancel(instance: Int, timer: Int)
}

/// An error of the spec that running it found.
package struct SpecError: Error, Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case range = "out of range"
    case overflow = "arithmetic overflow"
    case divisionByZero = "division by zero"
    case indexOutside = "index outside"
    case queueFull = "queue full"
    case queueEmpty = "queue empty"
    case networkFull = "network full"
    case unwrappedNil = "nil unwrapped"
    case emptyChoice = "nothing to choose"
    case assertion = "assertion failed"
    case negativeDuration = "negative duration"
    /// Evaluating was given up, after so many operations in the compiler, at a limit of the user's
    /// in an engine: nothing is said about the spec.
    case tooLong = "takes too long"
  }

  package var kind: Kind
  /// One sentence with the values.
  package var message: String
  package var span: Span

  package init(_ kind: Kind, _ message: String, at span: Span) {
    self.kind = kind
    self.message = message
    self.span = span
  }
}

/// A run: where it starts and every step with what it did.
package struct Trace: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var step: Step
    package var effects: [Effect]
    /// The state after the step; nil where the step ends in `error`.
    package var state: State?
    package var error: SpecError?

    package init(step: Step, effects: [Effect], state: State?, error: SpecError?) {
      self.step = step
      self.effects = effects
      self.state = state
      self.error = error
    }
  }

  package var initial: State
  package var entries: [Entry]
  /// For a run without end: how many entries come before those that are repeated for ever. As many
  /// as there are where the run stays in its last state. Nil for a run that ends.
  package var loopStart: Int?

  package init(initial: State, entries: [Entry] = [], loopStart: Int? = nil) {
    self.initial = initial
    self.entries = entries
    self.loopStart = loopStart
  }

  /// The state after so many entries, none of which fails.
  package func state(after count: Int) -> State? {
    count == 0 ? initial : entries[count - 1].state
  }

  /// The last state that the run reached.
  package var last: State {
    for entry in entries.reversed() {
      if let state = entry.state { return state }
    }
    return initial
  }
}
