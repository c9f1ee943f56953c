/// When the steps of a run happen, for which parameter values.
package struct TimedRun: Hashable, Sendable {
  /// The value of a duration parameter in this run, in seconds.
  package struct Setting: Hashable, Sendable {
    package var parameter: Int
    package var value: Rational

    package init(parameter: Int, value: Rational) {
      self.parameter = parameter
      self.value = value
    }
  }

  /// A message that can still arrive when the property is false.
  package struct Alive: Hashable, Sendable {
    package var envelope: Envelope
    /// Seconds since its latest transmission.
    package var age: Rational
    /// The age at which it is dead; nil where its network knows no lifetime.
    package var lifetime: Rational?

    package init(envelope: Envelope, age: Rational, lifetime: Rational?) {
      self.envelope = envelope
      self.age = age
      self.lifetime = lifetime
    }
  }

  package var settings: [Setting]
  /// Seconds since the start, for each step of the trace.
  package var times: [Rational]
  /// When the property is false: at the last step or later.
  package var end: Rational
  /// For each step, the bound that let it happen then; nil where none did.
  package var bounds: [String?]
  /// What is alive at the end.
  package var alive: [Alive]

  package init(
    settings: [Setting],
    times: [Rational],
    end: Rational,
    bounds: [String?],
    alive: [Alive] = []
  ) {
    self.settings = settings
    self.times = times
    self.end = end
    self.bounds = bounds
    self.alive = alive
  }
}

extension Model {
  /// The duration parameters with their values in force.
  package var durationSettings: [TimedRun.Setting] {
    parameters.enumerated().compactMap { number, parameter in
      guard case .duration(let value) = parameter.value else { return nil }
      return TimedRun.Setting(parameter: number, value: value)
    }
  }

  /// Whether anything in it takes a time.
  package var isTimed: Bool {
    networks.contains(where: \.hasTimeLimit)
      || instances.contains { !roles[$0.role].timers.isEmpty }
  }

  /// Whether something in it is obliged to happen that may be unable to: timers always expire.
  package var mayStandStill: Bool {
    networks.contains { $0.delay != nil } || transitions.contains(where: \.isUrgent)
  }
}
