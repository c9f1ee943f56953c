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

  package var settings: [Setting]
  /// Seconds since the start, for each step of the trace.
  package var times: [Rational]
  /// When the property is false: at the last step or later.
  package var end: Rational
  /// For each step, the bound that let it happen then; nil where none did.
  package var bounds: [String?]

  package init(settings: [Setting], times: [Rational], end: Rational, bounds: [String?]) {
    self.settings = settings
    self.times = times
    self.end = end
    self.bounds = bounds
  }
}
