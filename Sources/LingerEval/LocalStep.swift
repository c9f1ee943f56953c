package import LingerDiagnostics
package import LingerModel

/// What one instance is asked for: everything it can do by itself, or its answers to a message.
package enum LocalCause: Hashable, Sendable {
  /// Calls and internal transitions, then timeouts.
  case spontaneous
  case receive(Envelope)
}

/// A step of one instance before the network has taken what it sends.
///
/// It depends on nothing but the instance, its own state, the cause and what it asked about
/// messages in flight, so that an explorer may keep it.
package struct LocalStep: Sendable {
  package var step: Step
  /// What the body did, in order, up to the error where there is one; no send is dropped yet.
  package var effects: [Effect]
  package typealias Outcome = Result<LocalOutcome, SpecError>
  package var outcome: Outcome
  /// When it is possible in the timed reading, by what its guard asks about elapsed time.
  package var elapsed: ElapsedCondition

  package init(
    step: Step,
    effects: [Effect],
    outcome: Outcome,
    elapsed: ElapsedCondition = .always
  ) {
    self.step = step
    self.elapsed = elapsed
    self.effects = effects
    self.outcome = outcome
  }
}

/// The instance after its step, and what it sent, in order.
package struct LocalOutcome: Hashable, Sendable {
  package var state: State.InstanceState
  package var sends: [Envelope]
  /// The `send` statement behind each of ``sends``, for errors of the network.
  package var sendSpans: [Span]

  package init(state: State.InstanceState, sends: [Envelope], sendSpans: [Span]) {
    self.state = state
    self.sends = sends
    self.sendSpans = sendSpans
  }
}

/// A step of the whole system and where it leads.
package struct Successor: Sendable {
  package var step: Step
  package var effects: [Effect]
  package var outcome: Result<State, SpecError>
  /// When it is possible in the timed reading, by what its guard asks about elapsed time.
  package var elapsed: ElapsedCondition

  package init(
    step: Step,
    effects: [Effect],
    outcome: Result<State, SpecError>,
    elapsed: ElapsedCondition = .always
  ) {
    self.step = step
    self.elapsed = elapsed
    self.effects = effects
    self.outcome = outcome
  }
}
