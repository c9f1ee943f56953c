extension StateMachineGraph {
  /// The drawing for Graphviz.
  package var dot: String {
    var lines = ["digraph \(Self.quoted(title)) {", "  rankdir=LR;"]
    lines.append("  node [shape=box, style=rounded, fontname=\"Helvetica\"];")
    lines.append("  edge [fontname=\"Helvetica\", fontsize=10];")
    for number in initial.sorted() {
      lines.append("  start\(number) [shape=point, label=\"\"];")
      lines.append("  start\(number) -> \(Self.quoted(nodes[number]));")
    }
    for node in nodes { lines.append("  \(Self.quoted(node));") }
    if hasUnknownTarget { lines.append("  unknown [shape=plaintext, label=\"?\"];") }
    for edge in edges {
      let target = edge.target.map { Self.quoted(nodes[$0]) } ?? "unknown"
      let label = Self.quoted(edge.labels.joined(separator: "\n"))
      let style = edge.target == nil ? ", style=dashed" : ""
      lines.append("  \(Self.quoted(nodes[edge.source])) -> \(target) [label=\(label)\(style)];")
    }
    lines.append("}")
    return lines.map { $0 + "\n" }.joined()
  }

  /// The drawing for Mermaid, which Markdown viewers show.
  package var mermaid: String {
    var lines = ["---", "title: \(title)", "---", "stateDiagram-v2"]
    for node in nodes { lines.append("  state \"\(node)\" as \(Self.identifier(node))") }
    if hasUnknownTarget { lines.append("  state \"?\" as unknown_") }
    for number in initial.sorted() { lines.append("  [*] --> \(Self.identifier(nodes[number]))") }
    for edge in edges {
      let target = edge.target.map { Self.identifier(nodes[$0]) } ?? "unknown_"
      let label = edge.labels.joined(separator: "<br/>")
      lines.append("  \(Self.identifier(nodes[edge.source])) --> \(target) : \(label)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private var hasUnknownTarget: Bool { edges.contains { $0.target == nil } }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for character in text {
      switch character {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      default: output.append(character)
      }
    }
    return output + "\""
  }

  /// A case's name as a Mermaid identifier; the reserved words of Mermaid are lower case.
  private static func identifier(_ name: String) -> String { "s_\(name)" }
}
