/// The model as text: every table in order, expressions in source form. For snapshots and for
/// reading what the compiler understood.
package func dump(_ model: Model) -> String {
  var writer = ModelWriter(model: model)
  writer.write()
  return writer.lines.joined(separator: "\n") + "\n"
}

private struct ModelWriter {
  let model: Model
  var lines: [String] = []
  private var depth = 0
  /// Whose code is being written.
  private var role: Int?
  private var locals: [String] = []

  init(model: Model) { self.model = model }

  private mutating func line(_ text: String) {
    lines.append(String(repeating: "  ", count: depth) + text)
  }

  private mutating func nested(_ body: (inout ModelWriter) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  private func text(_ type: ModelType) -> String { describe(type, in: model) }

  private func text(_ value: Value) -> String { describe(value, in: model) }

  private func text(_ expression: Expression) -> String {
    describe(expression, in: model, role: role, locals: locals)
  }

  mutating func write() {
    line("protocol \(model.name)")
    for parameter in model.parameters {
      let definition = parameter.definition.map { " from \(text($0))" } ?? ""
      line(
        "parameter \(parameter.name): \(text(parameter.type)) = \(text(parameter.value))"
          + definition
      )
    }
    for assumption in model.assumptions { line("assume \(text(assumption))") }
    for enumeration in model.enumerations {
      line("enum \(enumeration.name) { \(enumeration.cases.joined(separator: ", ")) }")
    }
    for record in model.records {
      let fields = record.fields.map { "\($0.name): \(text($0.type))" }.joined(separator: ", ")
      line("\(record.isMessage ? "message" : "struct") \(record.name) { \(fields) }")
    }
    for network in model.networks { write(network) }
    for number in model.roles.indices { writeRole(number) }
    for (number, instance) in model.instances.enumerated() { write(instance, number) }
    for condition in model.initially {
      locals = condition.localNames
      line("initially { \(text(condition.body)) }")
    }
    for property in model.properties {
      locals = property.localNames
      line("\(property.kind.rawValue) \(property.name) { \(text(property.body)) }")
    }
    locals = []
    for check in model.audit.switchedOff { line("audit without \(check.rawValue)") }
    for exception in model.audit.exceptions { line("audit without \(text(exception))") }
    for restored in model.audit.restored {
      let role = model.roles[restored.role]
      line("audit with not-restored for \(role.name).\(role.variables[restored.variable].name)")
    }
    for expectation in model.audit.expectations { line("audit expect \(expectation.text)") }
    for profile in model.profiles {
      let values = profile.values.map {
        "\(model.parameters[$0.parameter].name) = \(text($0.value))"
      }
      line("profile \(profile.name) { \(values.joined(separator: ", ")) }")
    }
  }

  private func text(_ exception: AuditSettings.Exception) -> String {
    switch exception {
    case .transition(let number):
      let transition = model.transitions[number]
      return "never-fires for \(model.roles[transition.role].name).\(transition.name)"
    case .timer(let role, let timer):
      return "orphan-timer for \(model.roles[role].name).\(model.roles[role].timers[timer].name)"
    case .enumCase(let number, let enumCase):
      let enumeration = model.enumerations[number]
      return "never-has-case for \(enumeration.name).\(enumeration.cases[enumCase])"
    case .control(let role, let number, let enumCase):
      return "left-open for \(model.roles[role].name).\(model.enumerations[number].cases[enumCase])"
    }
  }

  private mutating func write(_ network: Network) {
    line("network \(network.name.map { "\($0) " } ?? "")(\(network.discipline))")
    nested { writer in
      for route in network.routes {
        let messages = route.messages.map { writer.model.records[$0].name }
        let path =
          "\(writer.model.roles[route.sender].name) -> "
          + writer.model.roles[route.receiver].name
        writer.line("\(path): \(messages.joined(separator: ", "))")
      }
      var options: [String] = []
      if let loss = writer.text("loss", network.loss) { options.append(loss) }
      if let duplication = writer.text("duplication", network.duplication) {
        options.append(duplication)
      }
      if network.reordering { options.append("reordering") }
      if network.isExplicit { options.append("explicit") }
      if let capacity = network.capacity { options.append("capacity \(capacity)") }
      if let lifetime = network.lifetime { options.append("lifetime \(writer.text(lifetime))") }
      if let delay = network.delay {
        options.append("delay \(writer.text(delay.shortest))...\(writer.text(delay.longest))")
      }
      if !options.isEmpty { writer.line(options.joined(separator: ", ")) }
    }
  }

  private func text(_ name: String, _ fault: Network.Fault) -> String? {
    switch fault {
    case .never: nil
    case .unlimited: name
    case .budget(let count): "\(name) \(count)"
    }
  }

  private mutating func writeRole(_ number: Int) {
    let role = model.roles[number]
    self.role = number
    line("role \(role.name)")
    nested { writer in
      for variable in role.variables {
        writer.line(
          "\(variable.isGhost ? "ghost " : "")var \(variable.name): "
            + "\(writer.text(variable.type)) = \(writer.text(variable.initial))"
        )
      }
      for timer in role.timers {
        let armed = timer.initial.map { " armed for \(writer.text($0))" } ?? ""
        writer.line("timer \(timer.name)\(armed)")
      }
      for signal in role.signals {
        let parameters = signal.parameters.map { "\($0.name): \(writer.text($0.type))" }
        writer.line("signal \(signal.name)(\(parameters.joined(separator: ", ")))")
      }
      for transition in role.transitions { writer.write(writer.model.transitions[transition]) }
    }
    self.role = nil
  }

  private mutating func write(_ transition: Transition) {
    locals = transition.localNames
    let fairness: String
    switch transition.fairness {
    case .none: fairness = ""
    case .weak: fairness = "fair "
    case .strong: fairness = "strongly fair "
    }
    let word = transition.isOtherwise ? "" : "transition "
    let urgency = transition.isUrgent ? "urgent " : ""
    line("\(fairness)\(urgency)\(word)\(transition.name) on \(text(transition.trigger))")
    nested { writer in
      if let condition = transition.guardCondition {
        writer.line("when \(writer.text(condition))")
      }
      writer.write(transition.body)
    }
    locals = []
  }

  private func text(_ trigger: Transition.Trigger) -> String {
    switch trigger {
    case .call(let name, let parameters):
      let list = parameters.map { "\($0.name): \(text($0.type))" }
      return "call \(name)(\(list.joined(separator: ", ")))"
    case .receive(let record, let message, let sender):
      let type = record.map { model.records[$0].name } ?? "any"
      return "receive \(name(message)): \(type) from \(name(sender))"
    case .timeout(let timers, let index):
      let timer = role.map { model.roles[$0].timers[timers.lowerBound] }
      guard let index else { return "timeout \(timer?.name ?? "\(timers.lowerBound)")" }
      return "timeout \(timer?.family ?? "\(timers)")[\(name(index.slot))]"
    case .internal: return "internal"
    }
  }

  private func name(_ slot: Int) -> String {
    ExpressionPrinter(model: model, role: role, locals: locals).name(ofLocal: slot)
  }

  private mutating func write(_ statements: [Statement]) {
    for statement in statements { write(statement) }
  }

  private mutating func write(_ statement: Statement) {
    switch statement.kind {
    case .assign(let place, let value): line("\(text(place)) = \(text(value))")
    case .insert(let place, let value): line("\(text(place)).insert(\(text(value)))")
    case .remove(let place, let value): line("\(text(place)).remove(\(text(value)))")
    case .append(let place, let value): line("\(text(place)).append(\(text(value)))")
    case .removeFirst(let place): line("\(text(place)).removeFirst()")
    case .send(let network, let message, let receiver):
      let via = model.networks[network].name.map { " via \($0)" } ?? ""
      line("send \(text(message)) to \(text(receiver))\(via)")
    case .start(let timer, let duration):
      line("start \(timerName(timer)) for \(text(duration))")
    case .cancel(let timer): line("cancel \(timerName(timer))")
    case .signal(let number, let arguments):
      let name = role.map { model.roles[$0].signals[number].name } ?? "\(number)"
      line("signal \(name)(\(arguments.map { text($0) }.joined(separator: ", ")))")
    case .assert(let condition, let message):
      line("assert \(text(condition))\(message.map { ", \"\($0)\"" } ?? "")")
    case .bind(let slot, let value): line("let \(name(slot)) = \(text(value))")
    case .choose(let slot, let domain, let filter):
      line("choose \(binder(slot, domain, filter))")
    case .forEach(let slot, let domain, let filter, let body):
      line("for \(binder(slot, domain, filter))")
      nested { $0.write(body) }
    case .conditional(let condition, let then, let otherwise):
      line("if \(text(condition))")
      writeBranches(then, otherwise)
    case .conditionalBinding(let slot, let value, let then, let otherwise):
      line("if let \(name(slot)) = \(text(value))")
      writeBranches(then, otherwise)
    }
  }

  private mutating func writeBranches(_ then: [Statement], _ otherwise: [Statement]) {
    nested { $0.write(then) }
    guard !otherwise.isEmpty else { return }
    line("else")
    nested { $0.write(otherwise) }
  }

  private func binder(_ slot: Int, _ domain: Domain, _ filter: Expression?) -> String {
    var printer = ExpressionPrinter(model: model, role: role, locals: locals)
    let condition = filter.map { " where \(printer.text($0))" } ?? ""
    return "\(name(slot)) in \(printer.text(domain))\(condition)"
  }

  private func timerName(_ timer: Int) -> String {
    role.map { model.roles[$0].timers[timer].name } ?? "\(timer)"
  }

  private func text(_ place: Place) -> String {
    guard let role else { return "variable\(place.variable)" }
    let variable = model.roles[role].variables[place.variable]
    var text = variable.name
    var type = variable.type
    for part in place.path {
      switch (part, type) {
      case (.field(let number), .record(let record)):
        text += ".\(model.records[record].fields[number].name)"
        type = model.records[record].fields[number].type
      case (.element(let index), .array(_, let element)):
        text += "[\(self.text(index))]"
        type = element
      case (.field(let number), _): text += ".\(number)"
      case (.element(let index), _): text += "[\(self.text(index))]"
      }
    }
    return text
  }

  private mutating func write(_ instance: Instance, _ number: Int) {
    let role = model.roles[instance.role]
    let values = zip(role.variables, instance.initial).compactMap { variable, value in
      variable.initial == value ? nil : "\(variable.name): \(text(value))"
    }
    let group = instance.symmetryGroup.map { " symmetric \($0)" } ?? ""
    let arguments = values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"
    line("instance \(instance.name): \(role.name)\(arguments)\(group)")
  }
}
