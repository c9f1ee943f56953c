package import LingerModel

/// What has nothing to do with some properties is left out of their timed reading.
///
/// An instance can matter in four ways: a property reads its state, it sends to one that matters,
/// it sends in a network whose contents are read, or it makes room in a network for one that
/// matters. Any other one may as well do nothing: it is never obliged to begin, no timer of it runs
/// at the start (one with such a timer counts as mattering, for it may be obliged to what stops
/// time), and what it would do is seen by nobody who matters. So a run of all ends in a violation
/// if and only if one does in which only those that matter take steps. Without the others there
/// are far fewer states: each multiplies them by its own.
extension Model {
  /// Which instances may have an influence on some properties. Where errors of the spec count,
  /// those that may bring one about have one, and those that may keep a message from being taken in
  /// time.
  func instancesKept(for properties: [Property], keepingErrors: Bool) -> [Bool] {
    let isRelevant = relevantInstances(to: properties, [])
    guard keepingErrors, isRelevant.contains(false) else { return isRelevant }
    return relevantInstances(to: properties, LocalReach(self).faultyInstances)
  }

  /// The same model, in which all other instances take no steps. Everything keeps its number.
  func keeping(_ isKept: [Bool]) -> Model {
    var result = self
    for number in transitions.indices {
      let idle = instances.indices.filter {
        !isKept[$0] && instances[$0].role == transitions[number].role
      }
      result.transitions[number].exclude(idle)
    }
    return result
  }

  /// The same model without the steps of instances that have no influence on some properties.
  package func sliced(for properties: [Property]) -> Model {
    keeping(instancesKept(for: properties, keepingErrors: true))
  }

  private func relevantInstances(to properties: [Property], _ faulty: [Int]) -> [Bool] {
    var influence = Influence(self)
    for instance in faulty { influence.add(instance) }
    for property in properties { influence.read(property.body) }
    // Time passes for all or for none.
    for transition in transitions where transition.isUrgent {
      influence.addInstances(of: transition.role)
    }
    influence.close()
    return influence.isRelevant
  }
}

extension Transition {
  /// Adds to the guard that the acting instance is none of these.
  fileprivate mutating func exclude(_ idle: [Int]) {
    for instance in idle {
      let type = ModelType.instance(role)
      let isOther = Expression(
        .binary(
          .notEqual,
          Expression(.currentInstance, type, span),
          Expression(.constant(.instance(instance)), type, span)
        ),
        .bool,
        span
      )
      guardCondition =
        guardCondition.map { Expression(.binary(.and, isOther, $0), .bool, span) } ?? isOther
    }
  }
}

/// Which instances have an influence, as far as was found out.
private struct Influence {
  private let model: Model
  private(set) var isRelevant: [Bool]
  /// Networks whose contents are read.
  private var readNetworks: [Bool]
  private var open: [Int] = []

  init(_ model: Model) {
    self.model = model
    isRelevant = model.instances.map { _ in false }
    readNetworks = model.networks.map { _ in false }
  }

  /// Adds what influences those that are there.
  mutating func close() {
    for (number, instance) in model.instances.enumerated()
    where model.roles[instance.role].timers.contains(where: { $0.initial != nil }) {
      add(number)
    }
    while true {
      while let instance = open.popLast() { readCode(of: model.instances[instance].role) }
      for instance in model.instances.indices where !isRelevant[instance] {
        if influences(instance) { add(instance) }
      }
      if open.isEmpty { return }
    }
  }

  mutating func addInstances(of role: Int) {
    for instance in model.instances(of: role) { add(instance) }
  }

  mutating func add(_ instance: Int) {
    guard !isRelevant[instance] else { return }
    isRelevant[instance] = true
    open.append(instance)
  }

  private func influences(_ instance: Int) -> Bool {
    let role = model.instances[instance].role
    return model.transitions.contains { transition in
      transition.role == role
        && transition.body.contains { sendsToRelevant($0, from: instance) }
    }
  }

  private func sendsToRelevant(_ statement: Statement, from sender: Int) -> Bool {
    if case .send(let network, _, let receiver) = statement.kind {
      if readNetworks[network] { return true }
      if receivers(receiver).contains(where: { $0 != sender && isRelevant[$0] }) { return true }
    }
    return statement.inner.contains { sendsToRelevant($0, from: sender) }
  }

  /// The instances that an expression may stand for.
  private func receivers(_ expression: Expression) -> [Int] {
    if case .constant(.instance(let number)) = expression.kind { return [number] }
    guard case .instance(let role) = expression.type else { return Array(model.instances.indices) }
    return model.instances(of: role)
  }

  /// Adds what an expression reads besides the state of the acting instance.
  mutating func read(_ expression: Expression) {
    switch expression.kind {
    case .variable(of: let owner?, _), .timerIsArmed(of: let owner?, _):
      if case .currentInstance = owner.kind { break }
      for instance in receivers(owner) { add(instance) }
    case .copiesInFlight(let network, _, _, _): readNetworks[network] = true
    case .messagesInFlight(let network):
      for number in network.map({ [$0] }) ?? Array(model.networks.indices) {
        readNetworks[number] = true
      }
    default: break
    }
    for child in expression.children { read(child) }
  }

  private mutating func readCode(of role: Int) {
    for transition in model.transitions where transition.role == role {
      if let condition = transition.guardCondition { read(condition) }
      for statement in transition.body { read(statement) }
    }
  }

  private mutating func read(_ statement: Statement) {
    if case .send(let network, _, let receiver) = statement.kind,
      model.networks[network].discipline != .set
    {
      // What nobody takes may leave no room for the next.
      for instance in receivers(receiver) { add(instance) }
    }
    for expression in statement.expressions { read(expression) }
    for inner in statement.inner { read(inner) }
  }
}
