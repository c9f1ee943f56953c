package import LingerDiagnostics
package import LingerModel

/// Checks as JSON: the same content as the text, and every state of every run in full.
///
/// The schema is in `docs/json.md`; a member that a reader may rely on never changes its meaning
/// within one ``version``.
package enum JSONReport {
  package static let format = "linger-report"
  package static let version = 1

  /// The whole document, one element of `specs` for each spec in order.
  package static func document(_ specs: [JSONValue], exitCode: Int32) -> String {
    JSONValue.object([
      "format": .string(format), "version": .integer(version),
      "exitCode": .integer(Int(exitCode)), "specs": .array(specs),
    ]).text
  }

  /// A spec that did not compile, or was not checked.
  package static func spec(
    path: String,
    diagnostics: [Diagnostic],
    in sources: SourceMap
  ) -> JSONValue {
    .object([
      "path": .string(path), "outcome": .string("invalid"), "exitCode": .integer(2),
      "diagnostics": JSONDiagnostics.encode(diagnostics, in: sources),
    ])
  }

  /// A spec that was checked.
  package static func spec(
    _ report: CheckReport,
    of context: ReportContext,
    diagnostics: [Diagnostic]
  ) -> JSONValue {
    let encoder = ReportEncoder(context: context)
    let outcome = Outcome(report)
    return .members([
      "path": .string(context.path), "protocol": .string(context.model.name),
      "outcome": .string(outcome.rawValue), "exitCode": .integer(Int(outcome.exitCode)),
      "profile": .optional(context.profile), "parameters": encoder.parameters,
      "diagnostics": JSONDiagnostics.encode(diagnostics, in: context.text.sources),
      "statistics": report.isExplored ? encoder.encode(report.statistics) : nil,
      "durationComparison": .optional(
        context.model.durationComparison.map { describe($0, in: context.model) }
      ),
      "properties": .array(report.results.map(encoder.encode)),
      "switchedOff": report.switchedOff.isEmpty
        ? nil
        : .array(
          report.switchedOff.map {
            .object([
              "name": .string($0.check.rawValue), "by": .string($0.author.rawValue),
            ])
          }
        ),
      "warnings": .array(report.vacuity.map(encoder.encode)),
      "firings": report.isExplored ? encoder.firings(report.firings) : nil,
      "internalErrors": report.internalErrors.isEmpty
        ? nil : .array(report.internalErrors.map { .string($0) }),
    ])
  }

  /// One run by itself, as `replay` and `simulate` report it.
  package static func trace(
    _ trace: Trace,
    of context: ReportContext,
    timing: TimedRun? = nil
  ) -> JSONValue {
    ReportEncoder(context: context).encode(trace, timing: timing)
  }
}

/// Writes the parts of a report.
struct ReportEncoder {
  private let context: ReportContext
  private let values: ValueCoding
  private let steps: StepCoding

  private var model: Model { context.model }

  init(context: ReportContext) {
    self.context = context
    values = ValueCoding(model: context.model)
    steps = StepCoding(model: context.model)
  }

  var parameters: JSONValue {
    var members: [String: JSONValue] = [:]
    for parameter in model.parameters {
      members[parameter.name] = values.encode(parameter.value, as: parameter.type)
    }
    return .object(members)
  }

  func encode(_ statistics: ExplorationStatistics) -> JSONValue {
    .members([
      "states": .integer(statistics.states),
      "initialStates": .integer(statistics.initialStates),
      "transitions": .integer(statistics.transitions),
      "depth": .integer(statistics.depth), "isComplete": .bool(statistics.isComplete),
      "limit": .optional(statistics.limit?.text), "cutOffSteps": .integer(statistics.cutOffSteps),
      "stateBits": .integer(statistics.stateBits),
      "storeBytes": .integer(statistics.storeBytes),
      "symmetry": statistics.symmetryNote.map { .string($0) },
    ])
  }

  func encode(_ result: PropertyResult) -> JSONValue {
    var verdict: String
    var explanation: String?
    var undecided: UndecidedReason?
    var trace: Trace?
    var envelope: Envelope?
    var timing: TimedRun?
    var others: [Violation] = []
    var openEnd: OpenEnd?
    switch result.verdict {
    case .holds:
      verdict = "holds"
      trace = result.witness
    case .violated(let violation):
      verdict = "violated"
      explanation = violation.explanation
      trace = violation.trace
      envelope = violation.envelope
      timing = violation.timing
      others = violation.others
      openEnd = violation.openEnd
    case .unknown(let reason):
      verdict = "unknown"
      explanation = reason.text
      undecided = reason
      trace = result.conditional?.trace
      envelope = result.conditional?.envelope
      openEnd = result.conditional?.openEnd
    }
    let property = result.question.property(in: model)
    return .members([
      "name": .string(result.question.name(in: model)), "family": .optional(property?.family),
      "code": .optional(result.question.auditCheck?.code),
      "kind": .string(result.question.kind(in: model)), "verdict": .string(verdict),
      "explanation": .optional(explanation), "reason": undecided.map(encode),
      "documentation": .optional(property?.documentation),
      "location": property.flatMap { location($0.span) },
      "traceLength": trace.map { .integer($0.entries.count) },
      "trace": trace.map { encode($0, timing: timing) },
      "untakenMessage": envelope.map(steps.encode), "note": .optional(result.note),
      "others": others.isEmpty ? nil : .array(others.map(encode)),
      "openEnd": openEnd.map(encode),
      "asides": result.asides.isEmpty ? nil : .array(result.asides.map(encode)),
    ])
  }

  /// Why a question is open, besides the sentence.
  private func encode(_ reason: UndecidedReason) -> JSONValue {
    .members([
      "kind": .string(reason.kind.rawValue), "limit": .optional(reason.limit?.rawValue),
      "value": reason.value.map { .integer($0) }, "location": reason.span.flatMap { location($0) },
    ])
  }

  /// A finding that does not count.
  private func encode(_ aside: Aside) -> JSONValue {
    .members([
      "kind": .string(aside.kind.rawValue),
      "isConditional": aside.isConditional ? .bool(true) : nil,
      "finding": encode(aside.finding),
    ])
  }

  /// What stays open for ever.
  private func encode(_ end: OpenEnd) -> JSONValue {
    let role = end.instance.map { model.instances[$0].role }
    return .members([
      "instance": .optional(end.instance.map { model.instances[$0].name }),
      "likewise": end.likewise.isEmpty
        ? nil : .array(end.likewise.map { .string(model.instances[$0].name) }),
      "states": role.map { role in
        .array(end.controls.map { .string(model.name(ofControl: $0, role: role)) })
      },
      "idleCalls": .array(
        end.idleCalls.map {
          .object([
            "instance": .string(model.instances[$0.instance].name),
            "transition": .string(model.transitions[$0.transition].name),
          ])
        }
      ),
    ])
  }

  /// A further way in which a question is violated.
  private func encode(_ violation: Violation) -> JSONValue {
    .members([
      "explanation": .string(violation.explanation),
      "traceLength": violation.trace.map { .integer($0.entries.count) },
      "trace": violation.trace.map { encode($0, timing: violation.timing) },
      "untakenMessage": violation.envelope.map(steps.encode),
      "openEnd": violation.openEnd.map(encode),
    ])
  }

  func encode(_ finding: VacuityFinding) -> JSONValue {
    let kind =
      switch finding.kind {
      case .transitionNeverFires: "transitionNeverFires"
      case .caseNeverReached: "caseNeverReached"
      }
    return .members([
      "kind": .string(kind), "code": .string(finding.check.code),
      "message": .string(finding.message(in: model)), "location": location(finding.span),
    ])
  }

  func firings(_ counts: [Int]) -> JSONValue {
    .array(
      zip(model.transitions, counts).map { transition, count in
        .object([
          "role": .string(model.roles[transition.role].name),
          "transition": .string(transition.name), "count": .integer(count),
        ])
      }
    )
  }

  // A run.

  func encode(_ trace: Trace, timing: TimedRun? = nil) -> JSONValue {
    let ledger = MessageLedger(trace, in: model, isTimed: timing != nil)
    var state = trace.initial
    var entries: [JSONValue] = []
    for (index, entry) in trace.entries.enumerated() {
      entries.append(
        encode(entry, number: index + 1, ledger.entries[index], from: state, timing)
      )
      if let next = entry.state { state = next }
    }
    return .members([
      "initial": encode(trace.initial), "steps": .array(entries),
      "length": .integer(trace.entries.count),
      "loopStart": trace.loopStart.map { .integer($0) }, "timing": timing.map(encode),
    ])
  }

  /// What a timed run has besides the times of its steps.
  private func encode(_ timing: TimedRun) -> JSONValue {
    .object([
      "settings": encode(timing.settings), "end": Self.encode(timing.end),
      "alive": .array(
        timing.alive.map {
          .members([
            "message": steps.encode($0.envelope), "age": Self.encode($0.age),
            "lifetime": $0.lifetime.map(Self.encode),
          ])
        }
      ),
    ])
  }

  /// Durations by their parameters' names.
  func encode(_ settings: [TimedRun.Setting]) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for setting in settings {
      members[model.parameters[setting.parameter].name] = Self.encode(setting.value)
    }
    return .object(members)
  }

  /// A time in seconds: exact as a fraction, and as a decimal number for those who need one.
  static func encode(_ time: Rational) -> JSONValue {
    .object([
      "exact": .string(time.description), "seconds": .string(time.approximateDecimal),
    ])
  }

  private func encode(
    _ entry: Trace.Entry,
    number: Int,
    _ messages: MessageLedger.Entry,
    from state: State,
    _ timing: TimedRun?
  ) -> JSONValue {
    .members([
      "number": .integer(number), "step": steps.encode(entry.step),
      "description": .string(context.text.description(of: entry.step)),
      "location": location(of: entry.step), "documentation": documentation(of: entry.step),
      "messageNumber": messages.number.map { .integer($0) },
      "isRepeatedArrival": messages.isAgain ? .bool(true) : nil,
      "effects": .array(encode(entry.effects, messages)),
      "changes": entry.state.map { .array(changes(from: state, to: $0)) },
      "state": entry.state.map(encode), "error": entry.error.map(encode),
      "time": timing.map { Self.encode($0.times[number - 1]) },
      "bound": .optional(timing?.bounds[number - 1]),
    ])
  }

  private func location(of step: Step) -> JSONValue? {
    guard case .transition(_, let number, _, _) = step else { return nil }
    return location(model.transitions[number].span)
  }

  private func documentation(of step: Step) -> JSONValue? {
    guard case .transition(_, let number, _, _) = step else { return nil }
    return .optional(model.transitions[number].documentation)
  }

  private func encode(_ error: SpecError) -> JSONValue {
    .members([
      "kind": .string(error.kind.rawValue), "message": .string(error.message),
      "location": location(error.span),
    ])
  }

  private func encode(
    _ effects: [Effect],
    _ messages: MessageLedger.Entry
  ) -> [JSONValue] {
    var sent = 0
    return effects.map { effect in
      switch effect {
      case .send(let envelope, let isDropped):
        let number = sent < messages.sendings.count ? messages.sendings[sent].number : nil
        sent += 1
        return .members([
          "kind": .string("send"), "message": steps.encode(envelope),
          "isDropped": .bool(isDropped), "messageNumber": number.map { .integer($0) },
        ])
      case .signal(let instance, let number, let arguments):
        let signal = context.text.role(of: instance).signals[number]
        var members: [String: JSONValue] = [:]
        for (parameter, value) in zip(signal.parameters, arguments) {
          members[parameter.name] = values.encode(value, as: parameter.type)
        }
        return .object([
          "kind": .string("signal"), "instance": .string(model.instances[instance].name),
          "signal": .string(signal.name), "arguments": .object(members),
        ])
      case .start(let instance, let timer, let duration):
        return timerEffect("start", timer, of: instance, duration: duration)
      case .cancel(let instance, let timer): return timerEffect("cancel", timer, of: instance)
      }
    }
  }

  private func timerEffect(
    _ kind: String,
    _ timer: Int,
    of instance: Int,
    duration: Rational? = nil
  ) -> JSONValue {
    .members([
      "kind": .string(kind), "instance": .string(model.instances[instance].name),
      "timer": .string(context.text.timer(timer, of: instance)),
      "duration": .optional(duration.map { describe(duration: $0) }),
    ])
  }

  /// Changed variables whole, by name.
  private func changes(from before: State, to after: State) -> [JSONValue] {
    var changes: [JSONValue] = []
    for (number, instance) in model.instances.enumerated() {
      for (index, variable) in model.roles[instance.role].variables.enumerated() {
        let old = before.instances[number].variables[index]
        let new = after.instances[number].variables[index]
        guard old != new else { continue }
        changes.append(
          .object([
            "instance": .string(instance.name), "variable": .string(variable.name),
            "before": values.encode(old, as: variable.type),
            "after": values.encode(new, as: variable.type),
          ])
        )
      }
    }
    return changes
  }

  private func encode(_ state: State) -> JSONValue {
    var instances: [String: JSONValue] = [:]
    for (number, instance) in model.instances.enumerated() {
      let role = model.roles[instance.role]
      let local = state.instances[number]
      var variables: [String: JSONValue] = [:]
      for (variable, value) in zip(role.variables, local.variables) {
        variables[variable.name] = values.encode(value, as: variable.type)
      }
      let armed = zip(role.timers, local.armed).filter(\.1).map { JSONValue.string($0.0.name) }
      instances[instance.name] = .object([
        "variables": .object(variables), "armedTimers": .array(armed),
      ])
    }
    let networks = zip(model.networks, state.networks).map { network, content in
      JSONValue.members([
        "network": .optional(network.name),
        "messages": .array(
          content.messages.map {
            .object(["message": steps.encode($0.envelope), "copies": .integer($0.copies)])
          }
        ),
        "lossesLeft": content.lossLeft.map { .integer($0) },
        "duplicationsLeft": content.duplicationLeft.map { .integer($0) },
      ])
    }
    return .object(["instances": .object(instances), "networks": .array(networks)])
  }

  private func location(_ span: Span) -> JSONValue? {
    JSONDiagnostics.encode(span, in: context.text.sources)
  }
}
