import LingerDiagnostics
import LingerSyntax

/// A protocol after its variants were applied: one list of declarations, in a fixed order.
struct MergedProtocol {
  var name: Identifier
  var documentation: String?
  var declarations: [Declaration]
}

/// Applies variants to their base and puts imported declarations in front.
///
/// A replacement stands where its namesake stood, so the numbering of a model does not change
/// under a fault that replaces one transition. Spans keep pointing into the file of each piece.
struct Merger {
  private(set) var diagnostics: [Diagnostic] = []
  private var declarations: [Declaration] = []

  mutating func merge(_ sources: LoadedSources) -> MergedProtocol {
    for library in sources.libraries { addLibrary(library) }
    var name = Identifier("", .none)
    var documentation: String?
    for (index, file) in sources.chain.enumerated() {
      switch file.syntax.header {
      case .protocolName(let given), .variant(let given, _): name = given
      case nil: break
      }
      documentation = file.syntax.documentation ?? documentation
      for declaration in file.syntax.declarations {
        apply(declaration, inVariant: index > 0)
      }
    }
    return MergedProtocol(name: name, documentation: documentation, declarations: declarations)
  }

  /// Takes what an import brings: everything that says what a role is, nothing that says which
  /// instances there are, how they are connected and what is asked about them.
  private mutating func addLibrary(_ file: LoadedFile) {
    for declaration in file.syntax.declarations {
      switch declaration.kind {
      case .parameter, .assume, .typeAlias, .enumeration, .record, .function,
        .role(_, _, isExtension: false):
        apply(declaration, inVariant: false)
      case .role, .set, .remove: apply(declaration, inVariant: false)
      case .importFile, .network, .instances, .property, .audit, .initially, .profile: break
      }
    }
  }

  private mutating func apply(_ declaration: Declaration, inVariant: Bool) {
    guard inVariant else {
      applyPlain(declaration)
      return
    }
    switch declaration.kind {
    case .importFile: break
    case .set(let setting): set(setting)
    case .remove(let name): remove(name)
    case .role(let name, let members, isExtension: true): extend(name, with: members)
    default:
      if declaration.isReplacement {
        replace(declaration)
      } else {
        declarations.append(declaration)
      }
    }
  }

  private mutating func applyPlain(_ declaration: Declaration) {
    switch declaration.kind {
    case .importFile: return
    case .set(let setting): reportOutsideVariant("set", declaration.span, setting.name.text)
    case .remove(let name): reportOutsideVariant("remove", declaration.span, name.text)
    case .role(let name, _, isExtension: true):
      reportOutsideVariant("extend", declaration.span, name.text)
    case .role(_, let members, isExtension: false):
      for member in members { checkPlain(member) }
      fallthrough
    default:
      if declaration.isReplacement {
        reportOutsideVariant("replace", declaration.span, declaration.declaredNames.first ?? "")
      }
      declarations.append(declaration)
    }
  }

  private mutating func checkPlain(_ member: RoleMember) {
    if case .remove(let name) = member.kind {
      reportOutsideVariant("remove", member.span, name.text)
    } else if member.isReplacement {
      reportOutsideVariant("replace", member.span, member.kind.name ?? "")
    }
  }

  private mutating func reportOutsideVariant(_ word: String, _ span: Span, _ name: String) {
    diagnostics.append(
      Diagnostic(
        .changeOutsideVariant,
        "'\(word)' stands outside a variant",
        at: span,
        label: "changes '\(name)'",
        help: "a file that changes another one starts with 'variant Name of \"file.linger\"'"
      )
    )
  }

  private mutating func set(_ setting: ParameterValueSyntax) {
    for index in declarations.indices {
      guard case .parameter(let name, let type, _) = declarations[index].kind,
        name.text == setting.name.text
      else { continue }
      declarations[index].kind = .parameter(name, type: type, value: setting.value)
      return
    }
    let names = declarations.compactMap { declaration -> String? in
      guard case .parameter(let name, _, _) = declaration.kind else { return nil }
      return name.text
    }
    reportUnknownParameter(setting.name, among: names)
  }

  private mutating func reportUnknownParameter(_ name: Identifier, among names: [String]) {
    diagnostics.append(
      Diagnostic(
        .unknownParameter,
        "there is no parameter '\(name.text)'",
        at: name.span,
        fixIts: fixIts(replacing: name, among: names)
      )
    )
  }

  private mutating func remove(_ name: Identifier) {
    let index = declarations.firstIndex { declaration in
      guard case .property(let property) = declaration.kind else { return false }
      return property.nameText == name.text
    }
    guard let index else {
      let names = declarations.flatMap { declaration -> [String] in
        if case .property = declaration.kind { declaration.declaredNames } else { [] }
      }
      reportMissing("property", name, among: names, verb: "remove")
      return
    }
    declarations.remove(at: index)
  }

  private mutating func replace(_ replacement: Declaration) {
    let group = replacement.group
    let names = replacement.declaredNames
    var index = declarations.firstIndex { existing in
      existing.group == group && existing.declaredNames.contains { names.contains($0) }
    }
    if index == nil, group == .network {
      let networks = declarations.indices.filter { declarations[$0].group == .network }
      index = networks.count == 1 ? networks[0] : nil
    }
    if group == .audit || group == .initially {
      index = declarations.firstIndex { $0.group == group }
    }
    guard let index else {
      let known = declarations.flatMap { $0.group == group ? $0.declaredNames : [] }
      let name = replacement.nameIdentifier ?? Identifier(names.first ?? "", replacement.span)
      reportMissing(group.word, name, among: known, verb: "replace")
      return
    }
    var declaration = replacement
    declaration.documentation = replacement.documentation ?? declarations[index].documentation
    declarations[index] = declaration
  }

  private mutating func extend(_ name: Identifier, with changes: [RoleMember]) {
    for index in declarations.indices {
      guard case .role(let roleName, let members, isExtension: false) = declarations[index].kind,
        roleName.text == name.text
      else { continue }
      let changed = applyMembers(changes, to: members, of: roleName.text)
      declarations[index].kind = .role(roleName, members: changed, isExtension: false)
      return
    }
    let names = declarations.compactMap { declaration -> String? in
      guard case .role(let name, _, _) = declaration.kind else { return nil }
      return name.text
    }
    diagnostics.append(
      Diagnostic(
        .unknownRole,
        "there is no role '\(name.text)'",
        at: name.span,
        label: "to be extended",
        fixIts: fixIts(replacing: name, among: names)
      )
    )
  }

  private mutating func applyMembers(
    _ changes: [RoleMember],
    to base: [RoleMember],
    of role: String
  ) -> [RoleMember] {
    var members = base
    for change in changes {
      if case .remove(let name) = change.kind {
        if let index = members.firstIndex(where: { $0.kind.name == name.text }) {
          members.remove(at: index)
        } else {
          reportMissing(
            "member",
            name,
            among: members.compactMap(\.kind.name),
            verb: "remove",
            of: role
          )
        }
        continue
      }
      guard change.isReplacement else {
        members.append(change)
        continue
      }
      let index = members.firstIndex {
        $0.kind.name == change.kind.name && $0.kind.group == change.kind.group
      }
      guard let index else {
        let known = members.compactMap { $0.kind.group == change.kind.group ? $0.kind.name : nil }
        let name = change.kind.nameIdentifier ?? Identifier(change.kind.name ?? "", change.span)
        reportMissing(change.kind.group, name, among: known, verb: "replace", of: role)
        continue
      }
      var member = change
      member.documentation = change.documentation ?? members[index].documentation
      members[index] = member
    }
    return members
  }

  private mutating func reportMissing(
    _ word: String,
    _ name: Identifier,
    among names: [String],
    verb: String,
    of role: String? = nil
  ) {
    let subject = name.text.isEmpty || name.text == word ? word : "\(word) '\(name.text)'"
    let owner = role.map { "role '\($0)' has" } ?? "there is"
    diagnostics.append(
      Diagnostic(
        .nothingToReplace,
        "\(owner) no \(subject) to \(verb)",
        at: name.span,
        help: verb == "replace" ? "without 'replace' it is a new declaration" : nil,
        fixIts: fixIts(replacing: name, among: names)
      )
    )
  }
}

/// The fix-it that writes the nearest of some names in place of this one.
func fixIts(replacing name: Identifier, among candidates: [String]) -> [Diagnostic.FixIt] {
  guard let closest = Suggestion.nearest(to: name.text, among: candidates) else { return [] }
  return [
    Diagnostic.FixIt(
      "did you mean '\(closest)'?",
      [Diagnostic.FixIt.Edit(name.span, closest)]
    )
  ]
}
