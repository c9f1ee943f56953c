import LingerSyntax

/// What a declaration competes with for a name, and what may replace it.
enum DeclarationGroup {
  case type
  case parameter
  case function
  case role
  case network
  case instances
  case property
  case audit
  case initially
  case profile
  /// Imports, assumptions and the changes of a variant have no namesakes.
  case nameless

  var word: String {
    switch self {
    case .type: "type"
    case .parameter: "parameter"
    case .function: "function"
    case .role: "role"
    case .network: "network"
    case .instances: "instance"
    case .property: "property"
    case .audit: "audit"
    case .initially: "initially"
    case .profile: "profile"
    case .nameless: "declaration"
    }
  }
}

extension Declaration {
  var group: DeclarationGroup {
    switch kind {
    case .parameter: .parameter
    case .typeAlias, .enumeration, .record: .type
    case .function: .function
    case .network: .network
    case .role: .role
    case .instances: .instances
    case .property: .property
    case .audit: .audit
    case .initially: .initially
    case .profile: .profile
    case .importFile, .assume, .set, .remove: .nameless
    }
  }

  /// The names it brings; several for instances.
  var declaredNames: [String] {
    switch kind {
    case .instances(let instances): instances.names.map(\.name.text)
    case .property(let property): [property.nameText]
    case .network(let network): network.name.map { [$0.text] } ?? []
    default: nameIdentifier.map { [$0.text] } ?? []
    }
  }

  /// The name with its place, where it has just one.
  var nameIdentifier: Identifier? {
    switch kind {
    case .parameter(let name, _, _), .typeAlias(let name, _), .enumeration(let name, _),
      .record(let name, _, _), .role(let name, _, _), .profile(let name, _), .remove(let name):
      name
    case .function(let function): function.name
    case .network(let network): network.name
    case .instances(let instances): instances.names.first?.name
    case .property(let property): property.name
    case .set(let setting): setting.name
    case .importFile, .assume, .audit, .initially: nil
    }
  }
}

extension PropertySyntax {
  /// Its name; `final` may go without one.
  var nameText: String { name?.text ?? "final" }
}

extension RoleMember.Kind {
  /// The word for what it is, in messages.
  var group: String {
    switch self {
    case .variable: "variable"
    case .timer: "timer"
    case .signal: "signal"
    case .function: "function"
    case .transition: "transition"
    case .otherwise: "otherwise"
    case .remove: "member"
    }
  }

  /// Its name; an `otherwise` is named as in the model.
  var name: String? {
    if case .otherwise(let trigger, _) = self { return trigger.otherwiseName }
    return nameIdentifier?.text
  }

  var nameIdentifier: Identifier? {
    switch self {
    case .variable(let name, _, _, _), .timer(let name, _, _), .signal(let name, _),
      .remove(let name):
      name
    case .function(let function): function.name
    case .transition(let transition): transition.name
    case .otherwise: nil
    }
  }
}

extension TriggerSyntax {
  /// The name of an `otherwise` with this trigger.
  var otherwiseName: String {
    if case .receive(_, let message?, _) = kind { return "otherwise \(message.text)" }
    return "otherwise"
  }
}

extension ExpressionSyntax {
  /// The expression without the parentheses around it.
  var unparenthesized: ExpressionSyntax {
    var inner = self
    while case .parenthesized(let wrapped) = inner.kind { inner = wrapped }
    return inner
  }

  /// Whether its type comes from its context only.
  var needsContext: Bool {
    switch unparenthesized.kind {
    case .nilLiteral, .implicitCase, .list, .repeating: true
    default: false
    }
  }

  /// The name, where it is one.
  var nameText: String? {
    if case .name(let name) = kind { return name }
    return nil
  }
}
