package import LingerDiagnostics

/// A type as written.
package struct TypeSyntax: Sendable {
  package indirect enum Kind: Sendable {
    /// `Bool`, `Duration`, or a declared name.
    case named(Identifier)
    /// `low...high`
    case range(ExpressionSyntax, ExpressionSyntax)
    /// `Type?`
    case optional(TypeSyntax)
    /// `Set<Type>`
    case set(TypeSyntax)
    /// `Queue<Type, capacity>`
    case queue(TypeSyntax, capacity: ExpressionSyntax)
    /// `[count of Type]`
    case array(count: ExpressionSyntax, TypeSyntax)
    /// `[Key: Type]`: one element for each value of a finite key type
    case map(key: TypeSyntax, value: TypeSyntax)
    /// Stands where the parser found none; already diagnosed.
    case missing
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// An expression as written.
package struct ExpressionSyntax: Sendable {
  package indirect enum Kind: Sendable {
    case integer(Int)
    case bool(Bool)
    /// `120 s`, `0.5 ms`: the number as written and its unit (`ns us ms s min h`).
    case duration(number: String, unit: String)
    case nilLiteral
    case name(String)
    /// `.CASE`, its enum known from the context.
    case implicitCase(Identifier)
    case selfReference
    /// `base.name`
    case member(ExpressionSyntax, Identifier)
    /// `base[index]`
    case index(ExpressionSyntax, ExpressionSyntax)
    /// `callee(label: value, ...)`: a record, a helper, or a method such as `set.contains(x)`.
    case call(ExpressionSyntax, [ArgumentSyntax])
    case unary(UnaryOperator, ExpressionSyntax)
    case binary(BinaryOperator, Identifier, ExpressionSyntax, ExpressionSyntax)
    /// `condition ? a : b`
    case conditional(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax)
    /// `for all x in domain [where filter]: body`, `exists ...`, `count ...`
    case quantifier(
      Quantifier,
      Identifier,
      domain: ExpressionSyntax,
      filter: ExpressionSyntax?,
      body: ExpressionSyntax
    )
    /// `[a, b, c]`: a set, an array or a queue, by context.
    case list([ExpressionSyntax])
    /// `[repeating: value]`
    case repeating(ExpressionSyntax)
    /// `value!`
    case forceUnwrap(ExpressionSyntax)
    /// `low...high`: a domain or a pattern.
    case range(ExpressionSyntax, ExpressionSyntax)
    case parenthesized(ExpressionSyntax)
    /// Stands where the parser found none; already diagnosed.
    case missing
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

package struct ArgumentSyntax: Sendable {
  package var label: Identifier?
  package var value: ExpressionSyntax

  package init(label: Identifier?, value: ExpressionSyntax) {
    self.label = label
    self.value = value
  }
}

package enum UnaryOperator: String, Sendable {
  case not = "!"
  case negate = "-"
}

/// Binary operators; the order of `precedence` is that of Swift, with `implies` and `~>` below.
package enum BinaryOperator: String, Sendable, CaseIterable {
  case leadsTo = "~>"
  case implies
  case or = "||"
  case and = "&&"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case coalesce = "??"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"

  /// How tightly it binds. Comparisons do not associate; `implies` and `??` associate right.
  package var precedence: Int {
    switch self {
    case .leadsTo: 1
    case .implies: 2
    case .or: 3
    case .and: 4
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: 5
    case .coalesce: 6
    case .add, .subtract: 7
    case .multiply, .divide, .remainder: 8
    }
  }
}

package enum Quantifier: String, Sendable {
  case all = "for all"
  case exists
  case count
}

/// A statement of a transition's body.
package struct StatementSyntax: Sendable {
  package enum AssignmentOperator: String, Sendable {
    case set = "="
    case add = "+="
    case subtract = "-="
  }

  /// A branch of a `switch`; an empty `patterns` is `default`.
  package struct SwitchCase: Sendable {
    package var patterns: [ExpressionSyntax]
    package var body: [StatementSyntax]
    package var span: Span

    package init(patterns: [ExpressionSyntax], body: [StatementSyntax], span: Span) {
      self.patterns = patterns
      self.body = body
      self.span = span
    }
  }

  package indirect enum Kind: Sendable {
    case assignment(ExpressionSyntax, AssignmentOperator, ExpressionSyntax)
    /// `set.insert(x)`, `set.remove(x)`, `queue.append(x)`, `queue.removeFirst()`
    case call(ExpressionSyntax)
    /// `send Message(...) [to instance]`
    case send(ExpressionSyntax, to: ExpressionSyntax?)
    /// `start timer for duration`
    case start(Identifier, index: ExpressionSyntax?, duration: ExpressionSyntax)
    case cancel(Identifier, index: ExpressionSyntax?)
    case signal(Identifier, [ArgumentSyntax])
    case conditional(ExpressionSyntax, then: [StatementSyntax], otherwise: [StatementSyntax])
    /// `if let name = optional { } else { }`
    case conditionalBinding(
      Identifier,
      ExpressionSyntax,
      then: [StatementSyntax],
      otherwise: [StatementSyntax]
    )
    case switchOver(ExpressionSyntax, [SwitchCase])
    /// `for x in domain [where filter] { }`
    case forEach(
      Identifier,
      domain: ExpressionSyntax,
      filter: ExpressionSyntax?,
      body: [StatementSyntax]
    )
    /// `choose x in domain [where filter]`: binds x for the rest of the block
    case choose(Identifier, domain: ExpressionSyntax, filter: ExpressionSyntax?)
    case assert(ExpressionSyntax, message: StringLiteral?)
    /// `let name[: Type] = value`
    case binding(Identifier, type: TypeSyntax?, ExpressionSyntax)
    /// Stands where the parser found none; already diagnosed.
    case missing
  }

  package var kind: Kind
  package var span: Span

  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}
