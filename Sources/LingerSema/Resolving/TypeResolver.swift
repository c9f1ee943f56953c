import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What a type is written for; not every type is good for everything.
enum TypeUse {
  case parameter
  case helper
  case alias
  /// A variable, a field, a call's or a signal's parameter: what a state or a step holds.
  case state(String)

  /// Why a duration cannot stand here; nil where it can.
  var durationRefusal: String? {
    switch self {
    case .parameter, .helper, .alias: nil
    case .state(let what): what
    }
  }
}

/// Types as written become types of the model.
extension Program {
  /// Elements of one array; more are surely a mistake, and every one is a variable.
  static let arrayCountLimit = 4096

  func resolve(_ syntax: TypeSyntax, for use: TypeUse) -> ResolvedType? {
    let resolved: ResolvedType?
    switch syntax.kind {
    case .missing: return nil
    case .named(let name): resolved = resolveNamed(name)
    case .range(let low, let high): resolved = resolveRange(low, high, at: syntax.span)
    case .optional(let wrapped):
      resolved = resolveInner(wrapped, for: use).map {
        ResolvedType(type: .optional($0.type), isParametric: $0.isParametric)
      }
      if case .optional(.optional)? = resolved?.type {
        error(
          .unsuitableType,
          "an optional of an optional",
          at: syntax.span,
          help: "one '?' is enough"
        )
        return nil
      }
    case .set(let element):
      resolved = resolveInner(element, for: use).map {
        ResolvedType(type: .set($0.type), isParametric: $0.isParametric)
      }
    case .queue(let element, let capacity):
      let inner = resolveInner(element, for: use)
      guard let count = constantCount(capacity, "the capacity of a queue"), let inner else {
        return nil
      }
      resolved = collection(
        .queue(capacity: count.value, element: inner.type),
        at: syntax.span,
        isParametric: inner.isParametric || count.isParametric
      )
    case .array(let count, let element):
      let inner = resolveInner(element, for: use)
      guard let count = constantCount(count, "the count of an array"), let inner else {
        return nil
      }
      resolved = collection(
        .array(index: .integer(0...count.value - 1), element: inner.type),
        at: syntax.span,
        isParametric: inner.isParametric || count.isParametric
      )
    case .map(let key, let value): resolved = resolveMap(key, value, for: use, at: syntax.span)
    }
    if resolved?.type == .duration, let what = use.durationRefusal {
      error(
        .durationInState,
        "\(what) cannot be a Duration",
        at: syntax.span,
        help: "time passes by itself: use a timer, and compare parameters in its 'for'"
      )
      return nil
    }
    return resolved
  }

  /// The type inside another one; `Duration` is not for keeping.
  private func resolveInner(_ syntax: TypeSyntax, for use: TypeUse) -> ResolvedType? {
    switch use {
    case .state: resolve(syntax, for: use)
    case .parameter, .helper, .alias: resolve(syntax, for: .state("an element"))
    }
  }

  private func resolveNamed(_ name: Identifier) -> ResolvedType? {
    switch name.text {
    case "Bool": return ResolvedType(type: .bool, isParametric: false)
    case "Duration": return ResolvedType(type: .duration, isParametric: false)
    case "Int", "Integer", "int", "UInt":
      error(
        .unknownType,
        "there is no type '\(name.text)'",
        at: name.span,
        help: "integers have bounds here: write a range such as 0...7"
      )
      return nil
    default: break
    }
    switch declared.symbols[name.text] {
    case .alias(let index): return resolveAlias(index)
    case .enumeration(let number):
      return ResolvedType(type: .enumeration(number), isParametric: false)
    case .record(let number):
      guard let types = recordTypes(number) else { return nil }
      return ResolvedType(
        type: .record(number),
        isParametric: types.contains { $0?.isParametric ?? false }
      )
    case .role(let number): return ResolvedType(type: .instance(number), isParametric: false)
    case .parameter, .helper, .instances, .network:
      error(
        .wrongKind,
        "'\(name.text)' is \(declared.kindOfName(name.text)), not a type",
        at: name.span,
        notes: declared.declarationNote(name.text)
      )
      return nil
    case nil:
      error(
        .unknownType,
        "there is no type '\(name.text)'",
        at: name.span,
        fixIts: suggest(name, among: declared.typeNames)
      )
      return nil
    }
  }

  func resolveAlias(_ index: Int) -> ResolvedType? {
    let entry = declared.aliases[index]
    return resolution.aliases.content(index) {
      reportCycle(.recursiveType, "type", entry.name, at: entry.name.span)
    } _: {
      resolving(entry.name.text, entry.name.span) { resolve(entry.type, for: .alias) }
    }
  }

  private func resolveRange(
    _ low: ExpressionSyntax,
    _ high: ExpressionSyntax,
    at span: Span
  ) -> ResolvedType? {
    let first = constantInteger(low, "a bound of a range")
    let last = constantInteger(high, "a bound of a range")
    guard let first, let last else { return nil }
    guard first.value <= last.value else {
      error(
        .emptyDomain,
        "the range \(first.value)...\(last.value) has no values",
        at: span,
        label: "the low bound is above the high one"
      )
      return nil
    }
    return ResolvedType(
      type: .integer(first.value...last.value),
      isParametric: first.isParametric || last.isParametric
    )
  }

  private func resolveMap(
    _ key: TypeSyntax,
    _ value: TypeSyntax,
    for use: TypeUse,
    at span: Span
  ) -> ResolvedType? {
    let keyType = resolve(key, for: .state("a key"))
    let inner = resolveInner(value, for: use)
    guard let keyType, let inner else { return nil }
    switch keyType.type {
    case .bool, .enumeration: break
    case .integer:
      guard let count = model.cardinality(of: keyType.type), count <= Self.arrayCountLimit else {
        error(
          .domainTooLarge,
          "a map with a key for each of \(text(keyType.type))",
          at: key.span,
          help: "at most \(Self.arrayCountLimit) elements are possible"
        )
        return nil
      }
    case .instance: resolveInstances()
    case .record, .optional, .set, .array, .queue, .duration, .unboundedInteger:
      error(
        .unsuitableType,
        "'\(text(keyType.type))' cannot be the key of a map",
        at: key.span,
        help: "keys are Bool, a range, an enum or a role"
      )
      return nil
    }
    return collection(
      .array(index: keyType.type, element: inner.type),
      at: span,
      isParametric: keyType.isParametric || inner.isParametric
    )
  }

  /// A type of several values, unless they are too many to spell out.
  private func collection(
    _ type: ModelType,
    at span: Span,
    isParametric: Bool
  ) -> ResolvedType? {
    let places = self.places(in: type)
    guard places <= Self.arrayCountLimit else {
      error(
        .domainTooLarge,
        "a type of \(places) elements",
        at: span,
        help: "at most \(Self.arrayCountLimit) elements are possible"
      )
      return nil
    }
    return ResolvedType(type: type, isParametric: isParametric)
  }

  /// How many plain values a value of the type consists of; grows with nesting, and everything
  /// that spells a value out takes as long.
  private func places(in type: ModelType) -> Int {
    switch type {
    case .bool, .integer, .enumeration, .set, .instance, .duration, .unboundedInteger: 1
    case .optional(let wrapped): places(in: wrapped)
    case .record(let number): resolution.records.known(number)?.places ?? 1
    case .array(let index, let element):
      (model.cardinality(of: index) ?? Self.arrayCountLimit) * places(in: element)
    case .queue(let capacity, let element): capacity * places(in: element)
    }
  }

  private func constantCount(
    _ syntax: ExpressionSyntax,
    _ what: String
  ) -> (value: Int, isParametric: Bool)? {
    guard let count = constantInteger(syntax, what) else { return nil }
    guard count.value >= 1 else {
      error(
        .emptyDomain,
        "\(what) is \(count.value)",
        at: syntax.span,
        label: "must be at least 1"
      )
      return nil
    }
    guard count.value <= Self.arrayCountLimit else {
      error(
        .domainTooLarge,
        "\(what) is \(count.value)",
        at: syntax.span,
        help: "at most \(Self.arrayCountLimit) elements are possible"
      )
      return nil
    }
    return count
  }

  /// The types of a record's fields; nil where it contains itself.
  func recordTypes(_ index: Int) -> [ResolvedType?]? {
    let entry = declared.records[index]
    let fields = resolution.records.content(index) {
      reportCycle(
        .recursiveType,
        entry.isMessage ? "message" : "struct",
        entry.name,
        at: entry.name.span
      )
    } _: {
      resolveFields(of: entry, index)
    }
    return fields?.types
  }

  private func resolveFields(of entry: RecordEntry, _ index: Int) -> RecordFields? {
    let types = resolving(entry.name.text, entry.name.span) {
      entry.fields.map { resolve($0.type, for: .state("a field")) }
    }
    guard let types else { return nil }
    let places = types.reduce(1) { $0 + ($1.map { self.places(in: $0.type) } ?? 0) }
    guard places <= Self.arrayCountLimit else {
      error(
        .domainTooLarge,
        "'\(entry.name.text)' consists of \(places) values",
        at: entry.name.span,
        help: "at most \(Self.arrayCountLimit) are possible"
      )
      return nil
    }
    model.records[index].fields = zip(entry.fields, types).map { field, type in
      Record.Field(name: field.name.text, type: type?.type ?? .bool)
    }
    return RecordFields(types: types, places: places)
  }

  /// The values of fields that may be left out; a missing one is nil.
  func recordDefaults(_ index: Int) -> [Value?]? {
    let entry = declared.records[index]
    // Asked first: a record that contains itself has no defaults yet, and none that failed.
    guard let types = recordTypes(index) else { return nil }
    return resolution.recordDefaults.content(index) {
      reportCycle(.recursiveType, "default of", entry.name, at: entry.name.span)
    } _: {
      resolving(entry.name.text, entry.name.span) {
        zip(entry.fields, types).map { field, type -> Value? in
          guard let value = field.value, let type else { return nil }
          let use = ValueUse("field '\(field.name.text)'", field.name.span, isInitial: true)
          return constant(value, as: type.type, use)
        }
      }
    }
  }
}
