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
  ///   - purpose: what for.
  package init(_ model: Model, for purpose: KernelPurpose = .exploring) {
    self.model = model
    var program = KernelProgram()
    program.purpose = purpose
    var layouts: [RegisterLayout?] = []
    var transitions: [LoweredTransition?] = Array(repeating: nil, count: model.transitions.count)
    var reasons: [Int: String] = [:]
    for (roleNumber, role) in model.roles.enumerated() {
      // Timers that run from the start need no statement to have a duration.
      for timer in role.timers where purpose == .following {
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

/// What a model's steps are compiled for.
package enum KernelPurpose: Sendable {
  /// To explore states: what steps do to these and to networks is all that matters.
  case exploring
  /// To follow an implementation: steps note their effects (``KernelEffects``), and a value that
  /// stands in a message is told from outside (``HiddenValues``), not tried.
  case following
  /// To explore in time: steps note their effects and when they are possible
  /// (``KernelWorker/enabledWays``), and durations are expressions of the parameters.
  case timing
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
  /// Its number among the values of its record; nil where these are too many to be numbered, and
  /// where steps are not taken to explore states.
  package var ordinal: Int?
  /// Its fields among ``KernelEffects/values``, where steps note what they send.
  package var values: Range<Int>
}

/// A message that a guard or body asks for how many copies are in flight.
package struct KernelMessage {
  package var network: Int
  package var sender: Int
  package var receiver: Int
  package var record: Int
  /// Its number among the values of its record; nil where these are too many to be numbered.
  package var ordinal: Int?
  /// Its fields as registers, where there is no number or steps note their effects.
  package var values: [Int] = []
}
