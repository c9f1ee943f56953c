package import LingerModel

/// The steps of a model's instances, compiled: guards and bodies as instructions over registers.
///
/// Immutable and shared; what changes while it runs is in a ``KernelWorker``, one for each thread.
/// It says the same as the reference evaluator (`LingerEval`) and shares no code with it; tests
/// compare the two, step by step. What it cannot run, ``runs(spontaneousStepsOf:)`` and
/// ``runs(receptionOf:by:)`` say, is the evaluator's.
package struct StepKernel: Sendable {
  package let model: Model
  let program: KernelProgram
  let layouts: [RegisterLayout?]
  /// By number in the model; nil for one that is left to the evaluator.
  let transitions: [LoweredTransition?]
  /// Why a transition is left to the evaluator, by its number.
  package let reasons: [Int: String]

  /// Compiles a model's steps.
  ///
  /// - Parameters:
  ///   - model: whose steps.
  ///   - following: compiled to follow an implementation: steps note what they send, start and
  ///     signal (``KernelEffects``), and a value that stands in a message is told from outside
  ///     (``HiddenValues``), not tried.
  package init(_ model: Model, following: Bool = false) {
    self.model = model
    var program = KernelProgram()
    program.isFollowing = following
    var layouts: [RegisterLayout?] = []
    var transitions: [LoweredTransition?] = Array(repeating: nil, count: model.transitions.count)
    var reasons: [Int: String] = [:]
    for (roleNumber, role) in model.roles.enumerated() {
      // Timers that run from the start need no statement to have a duration.
      for timer in role.timers where following {
        if let time = timer.initial.flatMap(model.duration) { _ = program.number(of: time) }
      }
      let layout: RegisterLayout
      do throws(ValueCodec.Unsupported) {
        layout = try RegisterLayout(of: role, in: model)
      } catch {
        layouts.append(nil)
        for number in role.transitions { reasons[number] = error.reason }
        continue
      }
      layouts.append(layout)
      program.registerCount = max(program.registerCount, layout.end)
      for number in role.transitions {
        var lowering = Lowering(roleNumber, of: model, layout: layout, program: program)
        do throws(ValueCodec.Unsupported) {
          transitions[number] = try lowering.lower(model.transitions[number])
          program = lowering.program
        } catch {
          reasons[number] = error.reason
        }
      }
    }
    self.program = program
    self.layouts = layouts
    self.transitions = transitions
    self.reasons = reasons
  }

  /// Whether its steps can be traced (``PathTrace``): no constant is as large as a symbol.
  package var isTraceable: Bool { program.constants.allSatisfy(PathTrace.isPlain) }

  /// Whether it runs what an instance does by itself.
  package func runs(spontaneousStepsOf instance: Int) -> Bool {
    let role = model.instances[instance].role
    guard layouts[role] != nil else { return false }
    return model.roles[role].transitions.allSatisfy { number in
      if case .receive = model.transitions[number].trigger { return true }
      return transitions[number] != nil
    }
  }

  /// Whether it runs what an instance does with messages of a kind.
  package func runs(receptionOf record: Int, by instance: Int) -> Bool {
    let role = model.instances[instance].role
    guard layouts[role] != nil else { return false }
    return model.roles[role].transitions.allSatisfy { number in
      guard case .receive(let wanted, _, _) = model.transitions[number].trigger,
        wanted == nil || wanted == record
      else { return true }
      return transitions[number] != nil
    }
  }
}

/// A step that the kernel takes; what it did stands in the worker's registers.
package struct KernelStep {
  /// Nil for a timeout that no transition takes.
  package var transition: Int?
  /// The timer that expires.
  package var timer: Int?
  /// The place of an error among ``KernelWorker/error(_:)``.
  package var error: Int?
}

/// A message that a step sends.
package struct KernelSend {
  package var network: Int
  package var receiver: Int
  package var record: Int
  /// Its number among the values of its record; 0 where steps note their effects, and values may
  /// be too many to number.
  package var ordinal: Int
}
