package import LingerDiagnostics

/// A name as written, with its place.
package struct Identifier: Hashable, Sendable {
  package var text: String
  package var span: Span

  package init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// One parsed file: `protocol NAME`, `variant NAME of "PATH"`, or (to be imported) neither.
package struct SyntaxFile: Sendable {
  package enum Header: Sendable {
    case protocolName(Identifier)
    case variant(Identifier, base: StringLiteral)
  }

  package var header: Header?
  package var documentation: String?
  package var declarations: [Declaration]
  package var span: Span

  package init(
    header: Header?,
    documentation: String?,
    declarations: [Declaration],
    span: Span
  ) {
    self.header = header
    self.documentation = documentation
    self.declarations = declarations
    self.span = span
  }
}

/// A string in double quotes; `text` is its value with escapes resolved.
package struct StringLiteral: Hashable, Sendable {
  package var text: String
  package var span: Span

  package init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// A declaration at the top of a file.
package struct Declaration: Sendable {
  package indirect enum Kind: Sendable {
    /// `import "path"`
    case importFile(StringLiteral)
    /// `parameter name: Type = value`
    case parameter(Identifier, type: TypeSyntax, value: ExpressionSyntax?)
    /// `assume condition`
    case assume(ExpressionSyntax)
    /// `type Name = Type`
    case typeAlias(Identifier, TypeSyntax)
    /// `enum Name { A, B }`
    case enumeration(Identifier, cases: [EnumCaseSyntax])
    /// `struct Name { field: Type = value }`, and `message` likewise.
    case record(Identifier, fields: [FieldSyntax], isMessage: Bool)
    /// `let name(parameter: Type) -> Type = value`; a constant where `parameters` is nil.
    case function(FunctionSyntax)
    /// `network [name] { ... }`
    case network(NetworkSyntax)
    /// `role Name { ... }` or, in a variant, `extend role Name { ... }`
    case role(Identifier, members: [RoleMember], isExtension: Bool)
    /// `[symmetric] instances a, b: Role` with optional initial values `Role(field: value)`
    case instances(InstancesSyntax)
    /// `initially { condition }`
    case initially(ExpressionSyntax)
    /// `final`, `invariant`, `possible`, `eventually`, `cover`, `timed invariant`
    case property(PropertySyntax)
    /// `audit { without CHECK; expect CHECK }`
    case audit([AuditEntrySyntax])
    /// `profile name { parameter = value }`
    case profile(Identifier, values: [ParameterValueSyntax])
    /// `set parameter = value`, in a variant only
    case set(ParameterValueSyntax)
    /// `remove NAME`: drops a property of the base, in a variant only
    case remove(Identifier)
  }

  package var kind: Kind
  /// The `///` lines before it, without the slashes, joined by line breaks.
  package var documentation: String?
  /// `replace` stands before it (variants only): it takes the place of the base's namesake.
  package var isReplacement: Bool
  package var span: Span

  package init(
    kind: Kind,
    documentation: String?,
    isReplacement: Bool = false,
    span: Span
  ) {
    self.kind = kind
    self.documentation = documentation
    self.isReplacement = isReplacement
    self.span = span
  }
}

package struct EnumCaseSyntax: Sendable {
  package var name: Identifier
  package var documentation: String?

  package init(name: Identifier, documentation: String?) {
    self.name = name
    self.documentation = documentation
  }
}

/// A field of a struct or message, or a parameter of a helper, call or signal.
package struct FieldSyntax: Sendable {
  package var name: Identifier
  package var type: TypeSyntax
  package var value: ExpressionSyntax?
  package var documentation: String?

  package init(
    name: Identifier,
    type: TypeSyntax,
    value: ExpressionSyntax?,
    documentation: String? = nil
  ) {
    self.name = name
    self.type = type
    self.value = value
    self.documentation = documentation
  }
}

package struct FunctionSyntax: Sendable {
  package var name: Identifier
  /// nil for a constant: `let window = 3`.
  package var parameters: [FieldSyntax]?
  package var resultType: TypeSyntax?
  package var value: ExpressionSyntax

  package init(
    name: Identifier,
    parameters: [FieldSyntax]?,
    resultType: TypeSyntax?,
    value: ExpressionSyntax
  ) {
    self.name = name
    self.parameters = parameters
    self.resultType = resultType
    self.value = value
  }
}

package struct NetworkSyntax: Sendable {
  /// `Sender -> Receiver: Message, Message`
  package struct Route: Sendable {
    package var sender: Identifier
    package var receiver: Identifier
    package var messages: [Identifier]
    package var span: Span

    package init(
      sender: Identifier,
      receiver: Identifier,
      messages: [Identifier],
      span: Span
    ) {
      self.sender = sender
      self.receiver = receiver
      self.messages = messages
      self.span = span
    }
  }

  /// A word of the option lines: `loss`, `duplication`, `reordering`, `explicit`, `capacity`,
  /// `lifetime`, with the budget, size or duration that follows it.
  package struct Option: Sendable {
    package var name: Identifier
    package var value: ExpressionSyntax?

    package init(name: Identifier, value: ExpressionSyntax?) {
      self.name = name
      self.value = value
    }
  }

  package var name: Identifier?
  package var routes: [Route]
  package var options: [Option]

  package init(name: Identifier?, routes: [Route], options: [Option]) {
    self.name = name
    self.routes = routes
    self.options = options
  }
}

package struct InstancesSyntax: Sendable {
  /// `name`, or `name[count]` for a family.
  package struct Name: Sendable {
    package var name: Identifier
    package var count: ExpressionSyntax?

    package init(name: Identifier, count: ExpressionSyntax?) {
      self.name = name
      self.count = count
    }
  }

  package var names: [Name]
  package var role: Identifier
  package var initialValues: [ArgumentSyntax]
  package var isSymmetric: Bool

  package init(
    names: [Name],
    role: Identifier,
    initialValues: [ArgumentSyntax],
    isSymmetric: Bool
  ) {
    self.names = names
    self.role = role
    self.initialValues = initialValues
    self.isSymmetric = isSymmetric
  }
}

package struct PropertySyntax: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case final
    case invariant
    case possible
    case eventually
    case cover
    case timedInvariant = "timed invariant"
  }

  package var kind: Kind
  /// nil only for `final`, which may stand without a name.
  package var name: Identifier?
  /// `for each p in D, q in E where filter`: a property for each of these.
  package var binders: [BinderSyntax]
  package var filter: ExpressionSyntax?
  package var body: ExpressionSyntax

  package init(
    kind: Kind,
    name: Identifier?,
    binders: [BinderSyntax] = [],
    filter: ExpressionSyntax? = nil,
    body: ExpressionSyntax
  ) {
    self.kind = kind
    self.name = name
    self.binders = binders
    self.filter = filter
    self.body = body
  }
}

/// `name in domain`
package struct BinderSyntax: Sendable {
  package var name: Identifier
  package var domain: ExpressionSyntax

  package init(name: Identifier, domain: ExpressionSyntax) {
    self.name = name
    self.domain = domain
  }
}

/// `without CHECK`, `with CHECK` or `expect CHECK`, perhaps with `for OWNER.MEMBER`.
package struct AuditEntrySyntax: Sendable {
  /// What is asked of the audit.
  package enum Wish: String, Sendable, CaseIterable {
    /// To leave out the check, or something of it.
    case without
    /// To look at something that it does not look at by itself.
    case with
    /// That it finds something.
    case expect
  }

  package var wish: Wish
  /// The name of the check, hyphens included.
  package var check: Identifier
  /// One transition, timer, variable or case, by its role or enum; nil for the check as a whole.
  package var subject: (owner: Identifier, member: Identifier)?

  package init(
    wish: Wish,
    check: Identifier,
    subject: (owner: Identifier, member: Identifier)?
  ) {
    self.wish = wish
    self.check = check
    self.subject = subject
  }
}

/// `name = value` in a profile or a `set`.
package struct ParameterValueSyntax: Sendable {
  package var name: Identifier
  package var value: ExpressionSyntax

  package init(name: Identifier, value: ExpressionSyntax) {
    self.name = name
    self.value = value
  }
}

/// A member of a role.
package struct RoleMember: Sendable {
  package indirect enum Kind: Sendable {
    /// `[ghost] var name: Type = value`
    case variable(Identifier, type: TypeSyntax, value: ExpressionSyntax?, isGhost: Bool)
    /// `timer name`, `timer name[index]`, `timer name armed for duration`
    case timer(Identifier, index: ExpressionSyntax?, duration: ExpressionSyntax?)
    /// `signal name(parameter: Type)`
    case signal(Identifier, parameters: [FieldSyntax])
    case function(FunctionSyntax)
    case transition(TransitionSyntax)
    /// `otherwise receive [binder[: Message]] [from q] { ... }`
    case otherwise(TriggerSyntax, body: [StatementSyntax])
    /// `remove NAME`: drops a member of the base's role, in an extension only
    case remove(Identifier)
  }

  package var kind: Kind
  package var documentation: String?
  package var isReplacement: Bool
  package var span: Span

  package init(
    kind: Kind,
    documentation: String?,
    isReplacement: Bool = false,
    span: Span
  ) {
    self.kind = kind
    self.documentation = documentation
    self.isReplacement = isReplacement
    self.span = span
  }
}

package struct TransitionSyntax: Sendable {
  package enum Fairness: String, Sendable {
    case none
    case weak
    case strong
  }

  package var name: Identifier
  package var fairness: Fairness
  /// Where `urgent` stands; nil where it does not.
  package var urgency: Span?
  package var trigger: TriggerSyntax
  package var guardCondition: ExpressionSyntax?
  package var body: [StatementSyntax]

  package init(
    name: Identifier,
    fairness: Fairness,
    urgency: Span?,
    trigger: TriggerSyntax,
    guardCondition: ExpressionSyntax?,
    body: [StatementSyntax]
  ) {
    self.name = name
    self.fairness = fairness
    self.urgency = urgency
    self.trigger = trigger
    self.guardCondition = guardCondition
    self.body = body
  }
}

package struct TriggerSyntax: Sendable {
  package enum Kind: Sendable {
    /// `call name(parameter: Type)`
    case call(Identifier, parameters: [FieldSyntax])
    /// `receive binder: Message from sender`; the message type may be left out where a role
    /// receives only one, the binder where the fields are not read.
    case receive(binder: Identifier?, message: Identifier?, sender: Identifier?)
    /// `timeout timer`, `timeout timer[binder]`
    case timeout(Identifier, index: Identifier?)
    case `internal`
  }

  package var kind: Kind
  package var span: Span

  package init(kind: Kind, span: Span) {
    self.kind = kind
    self.span = span
  }
}
