import LingerEval
import LingerModel

/// What takes in the successors of a state.
///
/// The step, its effects and the successor's sleep set (``Independence``) are worked out only where
/// somebody wants to know them.
protocol SuccessorSink: ~Copyable {
  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    sleep: @autoclosure () -> UInt64,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  )
  /// Equal steps, so many, that end in an error of the spec: they lead nowhere.
  mutating func failure(times: Int, step: @autoclosure () -> Step)
  /// A message that can arrive and that nobody takes.
  mutating func unspecified(_ network: Int, _ number: Int)
}
