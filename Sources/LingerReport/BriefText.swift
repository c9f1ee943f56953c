package import LingerDiagnostics
package import LingerModel

/// Texts for people: as short as a reader who knows the spec needs.
///
/// `describe` in the model writes values as a spec would; here an enum case loses its dot, and a
/// Boolean field of a message is its name when true and nothing when false.
package struct BriefText: Sendable {
  package let model: Model
  package let sources: SourceMap

  package init(model: Model, sources: SourceMap) {
    self.model = model
    self.sources = sources
  }

  package func value(_ value: Value) -> String {
    switch value {
    case .enumCase(let enumeration, let number):
      guard model.enumerations.indices.contains(enumeration),
        model.enumerations[enumeration].cases.indices.contains(number)
      else { return describe(value, in: model) }
      return model.enumerations[enumeration].cases[number]
    case .record(let number, let fields): return record(number, fields)
    case .some(let wrapped): return self.value(wrapped)
    case .set(let elements): return "{\(list(elements))}"
    case .array(let elements), .queue(let elements): return "[\(list(elements))]"
    case .bool, .integer, .none, .instance, .duration: return describe(value, in: model)
    }
  }

  private func list(_ elements: [Value]) -> String {
    elements.map { value($0) }.joined(separator: ", ")
  }

  private func record(_ number: Int, _ fields: [Value]) -> String {
    guard model.records.indices.contains(number) else { return "record\(number)" }
    var arguments: [String] = []
    for (field, content) in zip(model.records[number].fields, fields) {
      switch content {
      case .bool(true): arguments.append(field.name)
      case .bool(false): continue
      default: arguments.append("\(field.name): \(value(content))")
      }
    }
    let name = model.records[number].name
    return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
  }

  package func instance(_ number: Int) -> String {
    model.instances.indices.contains(number)
      ? model.instances[number].name : "instance\(number)"
  }

  package func timer(_ number: Int, of instance: Int) -> String {
    role(of: instance).timers[number].name
  }

  package func role(of instance: Int) -> Role { model.roles[model.instances[instance].role] }

  /// `a -> b Segment(fin)`
  package func envelope(_ envelope: Envelope, arrow: String) -> String {
    "\(instance(envelope.sender)) \(arrow) \(instance(envelope.receiver))  "
      + value(envelope.message)
  }

  /// The name of a step: `a.activeClose`, `network loses`.
  package func name(of step: Step) -> String {
    switch step {
    case .transition(let instance, let transition, _, _):
      "\(self.instance(instance)).\(model.transitions[transition].name)"
    case .ignoredTimeout(let instance, let timer):
      "\(self.instance(instance)): timer \(self.timer(timer, of: instance)) fires, ignored"
    case .lose: "the network loses a message"
    case .duplicate: "the network duplicates a message"
    }
  }

  /// What set a transition off, for a person: `call close(2)`.
  package func cause(of step: Step) -> String {
    guard case .transition(let instance, let number, let cause, let choices) = step else {
      return name(of: step)
    }
    switch cause {
    case .call:
      guard case .call(let name, let parameters) = model.transitions[number].trigger else {
        return "call"
      }
      let arguments = zip(parameters, choices).map { "\($0.name): \(value($1))" }
      return "call \(name)(\(arguments.joined(separator: ", ")))"
    case .receive(let envelope):
      return "receives \(value(envelope.message)) from \(self.instance(envelope.sender))"
    case .timeout(let timer): return "timer \(self.timer(timer, of: instance)) fires"
    case .internal: return "internal"
    }
  }

  /// What is wrong, with the other instances of which the same can be said.
  package func explanation(of violation: Violation) -> String {
    let likewise = violation.openEnd?.likewise ?? []
    guard !likewise.isEmpty else { return violation.explanation }
    let names = likewise.map { instance($0) }.joined(separator: ", ")
    return "\(violation.explanation) (likewise \(names))"
  }

  /// A step in one line: `a.activeClose: call close()`.
  package func description(of step: Step) -> String {
    switch step {
    case .transition:
      let chosen = chosen(in: step).map { value($0) }.joined(separator: ", ")
      return "\(name(of: step)): \(cause(of: step))" + (chosen.isEmpty ? "" : ", chooses \(chosen)")
    case .ignoredTimeout: return name(of: step)
    case .lose(let envelope, _), .duplicate(let envelope, _):
      return "\(name(of: step)): \(self.envelope(envelope, arrow: "->"))"
    }
  }

  /// The values that `choose` took in a step, without the parameters of its call.
  package func chosen(in step: Step) -> [Value] {
    guard case .transition(_, let number, _, let choices) = step else { return [] }
    guard case .call(_, let parameters) = model.transitions[number].trigger else {
      return choices
    }
    return Array(choices.dropFirst(parameters.count))
  }

  /// `TCPClose.linger:58`, with the folder left out unless asked for; nil without a place.
  package func location(_ span: Span, withFolder: Bool = false) -> String? {
    guard let place = sources.location(span) else { return nil }
    let name =
      withFolder ? place.file : place.file.split(separator: "/").last.map(String.init) ?? place.file
    return "\(name):\(place.line)"
  }

  /// The first sentence of a documentation comment: where a clause of an RFC is cited.
  package static func firstSentence(_ documentation: String?) -> String? {
    guard let documentation else { return nil }
    let paragraph = documentation.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " || $0 == "\t" } }
      .drop { $0.isEmpty }
      .prefix { !$0.isEmpty }
      .joined(separator: " ")
    var sentence = ""
    var rest = paragraph[...]
    while let stop = rest.firstIndex(where: { $0 == "." || $0 == "!" || $0 == "?" }) {
      let next = rest.index(after: stop)
      sentence += rest[..<next]
      // "RFC 9293 3.6. The" ends here; "3.10" and "e.g." do not.
      let word = sentence.split(separator: " ").last ?? ""
      let isAbbreviation = word.dropLast().contains(".") && word.first?.isLetter == true
      if next == rest.endIndex || (rest[next] == " " && !isAbbreviation) { return sentence }
      rest = rest[next...]
    }
    sentence += rest
    return sentence.isEmpty ? nil : sentence
  }
}

/// Breaks a text at blanks so that no line is longer than `width`, where its words allow.
func wrap(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    if line.isEmpty {
      line = String(word)
    } else if line.count + 1 + word.count <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = String(word)
    }
  }
  lines.append(line)
  return lines
}
