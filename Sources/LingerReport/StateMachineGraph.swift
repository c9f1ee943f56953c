import LingerDiagnostics
package import LingerModel

/// The state machine of a role, as its author would draw it on a board.
///
/// The nodes are the cases of one variable, the edges are read off the transitions' guards and
/// bodies. It is a drawing of the text, not of what exploration reaches.
package struct StateMachineGraph: Hashable, Sendable {
  package struct Edge: Hashable, Sendable {
    package var source: Int
    /// A case; nil where the text does not tell.
    package var target: Int?
    /// `activeClose: call close()`, one for each transition, in their order.
    package var labels: [String]
  }

  /// Why there is nothing to draw.
  package struct Failure: Error {
    package var message: String
  }

  package var title: String
  package var nodes: [String]
  package var initial: Set<Int>
  package var edges: [Edge]

  package init(
    of roleName: String?,
    variable variableName: String?,
    in model: Model
  )
    throws(Failure)
  {
    let roleNumber = try Self.findRole(roleName, in: model)
    let role = model.roles[roleNumber]
    let variable = try Self.findVariable(variableName, of: role)
    guard case .enumeration(let enumeration) = role.variables[variable].type else {
      throw Failure(message: "'\(role.variables[variable].name)' is of no enum type")
    }
    title = "\(model.name) \(role.name).\(role.variables[variable].name)"
    nodes = model.enumerations[enumeration].cases
    initial = Set(
      model.instances(of: roleNumber).flatMap { instance -> [Int] in
        if model.instances[instance].open.contains(variable) {
          return Array(model.enumerations[enumeration].cases.indices)
        }
        guard case .enumCase(_, let number) = model.instances[instance].initial[variable] else {
          return []
        }
        return [number]
      }
    )
    let flow = CaseFlow(variable: variable, caseCount: nodes.count)
    edges = Self.edges(of: role, in: model, flow)
  }

  private static func edges(of role: Role, in model: Model, _ flow: CaseFlow) -> [Edge] {
    var edges: [Edge] = []
    func add(_ label: String, from source: Int, to target: Int?) {
      if let index = edges.firstIndex(where: { $0.source == source && $0.target == target }) {
        edges[index].labels.append(label)
      } else {
        edges.append(Edge(source: source, target: target, labels: [label]))
      }
    }
    for number in role.transitions {
      let transition = model.transitions[number]
      // An `otherwise` takes the rest in every state; drawn, it would hide the machine.
      guard !transition.isOtherwise else { continue }
      let label = label(of: transition, role, in: model)
      for source in flow.sources(of: transition).sorted() {
        let targets = flow.targets(of: transition, from: source)
        for target in targets.cases.sorted() { add(label, from: source, to: target) }
        if targets.isUnknown { add(label, from: source, to: nil) }
      }
    }
    return edges
  }

  /// Name and trigger; the message's kind only where there are several.
  private static func label(of transition: Transition, _ role: Role, in model: Model) -> String {
    let hasOneMessage = model.records.count(where: \.isMessage) == 1
    switch transition.trigger {
    case .call(let name, _): return "\(transition.name) / call \(name)"
    case .receive(let record, _, _):
      let kind = hasOneMessage ? nil : record.map { model.records[$0].name }
      return "\(transition.name) / receive\(kind.map { " \($0)" } ?? "")"
    case .timeout(let timers, let index):
      let timer = role.timers[timers.lowerBound]
      let name = index.map { "\(timer.family ?? "")[\(transition.localNames[$0.slot])]" }
      return "\(transition.name) / timeout \(name ?? timer.name)"
    case .internal: return "\(transition.name) / internal"
    }
  }

  /// The same machine without the edges that lead from a state to itself.
  package var withoutLoops: StateMachineGraph {
    var graph = self
    graph.edges.removeAll { $0.source == $0.target }
    return graph
  }

  private static func findRole(_ name: String?, in model: Model) throws(Failure) -> Int {
    guard let name else {
      guard let found = model.roles.firstIndex(where: { $0.stateVariable != nil }) else {
        throw Failure(message: "no role has a variable of an enum type")
      }
      return found
    }
    guard let found = model.roles.firstIndex(where: { $0.name == name }) else {
      throw .unknown(name, "role", among: model.roles.map(\.name))
    }
    return found
  }

  private static func findVariable(_ name: String?, of role: Role) throws(Failure) -> Int {
    guard let name else {
      guard let found = role.stateVariable else {
        throw Failure(message: "role '\(role.name)' has no variable of an enum type")
      }
      return found
    }
    guard let found = role.variables.firstIndex(where: { $0.name == name }) else {
      throw .unknown(name, "variable of '\(role.name)'", among: role.variables.map(\.name))
    }
    return found
  }
}

extension StateMachineGraph.Failure {
  fileprivate static func unknown(_ name: String, _ kind: String, among names: [String]) -> Self {
    let advice =
      Suggestion.nearest(to: name, among: names).map { ", did you mean '\($0)'?" } ?? ""
    return Self(message: "no \(kind) is named '\(name)'\(advice)")
  }
}

extension Role {
  /// The variable that holds the protocol state: the first of an enum type.
  fileprivate var stateVariable: Int? {
    variables.firstIndex { if case .enumeration = $0.type { true } else { false } }
  }
}
