package import LingerModel

/// Limits and interests of one exploration.
package struct ExploreOptions: Sendable {
  /// What it may take; its bytes are those of the store and its companions.
  package var budget: Budget
  /// Whether one state stands for all that differ in the names of `symmetric` instances alone.
  package var usesSymmetry = true
  /// Whether what instances do in their local states is remembered; else every step is run.
  package var remembersSteps = true
  /// Threads to use; what is found does not depend on it.
  package var threads = 1
  /// Makes native code of the model's steps; nil for none. What is found does not depend on it.
  package var nativeCompiler: (any NativeCompiler)?
  /// Whether states of more than two words are stored in parts that they share: less memory, more
  /// work, and no native code for them.
  package var compressesStates = false
  /// States that a thread takes at once, and that are looked up together: few enough for a limit to
  /// be near.
  package var statesAtOnce = 256
  /// Told now and then how far the run is.
  package var progress: (@Sendable (Progress) -> Void)?
  /// What to decide; nil for everything the model asks plus the audit.
  package var questions: [Question]?
  /// Whether to stop once each question is decided, and not to visit what is left.
  package var stopsWhenDecided = false
  /// Where runs begin; nil for the model's initial state.
  package var start: State?

  package init(
    budget: Budget = .unlimited,
    progress: (@Sendable (Progress) -> Void)? = nil,
    questions: [Question]? = nil
  ) {
    self.budget = budget
    self.progress = progress
    self.questions = questions
  }
}

/// How far an exploration is.
package struct Progress: Sendable {
  package var states: Int
  package var transitions: Int
  package var depth: Int
  /// States found and not yet expanded.
  package var queued: Int
  package var memoryBytes: Int

  package init(states: Int, transitions: Int, depth: Int, queued: Int, memoryBytes: Int) {
    self.states = states
    self.transitions = transitions
    self.depth = depth
    self.queued = queued
    self.memoryBytes = memoryBytes
  }
}
