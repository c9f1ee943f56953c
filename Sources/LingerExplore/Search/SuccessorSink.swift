import LingerEval
import LingerModel

/// What takes in the successors of a state.
///
/// The step and its effects are worked out only where somebody wants to know them.
protocol SuccessorSink: ~Copyable {
  mutating func successor(
    _ words: StateWords,
    isFault: Bool,
    step: @autoclosure () -> Step,
    effects: @autoclosure () -> StepEffects
  )
  /// A step that ends in an error of the spec: it leads nowhere.
  mutating func failure(step: @autoclosure () -> Step)
  /// A message that can arrive and that nobody takes.
  mutating func unspecified(_ network: Int, _ number: Int)
}
