import Foundation
import Markup
import Testing

@testable import Tasks

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Drawings") struct DrawingTests {
  /// Parses the document, and keeps what is in it.
  private final class Reader: NSObject, XMLParserDelegate {
    var texts: [String] = []
    var counts: [String: Int] = [:]
    private var current = ""

    static func read(_ svg: String) throws -> Reader {
      let reader = Reader()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = reader
      #expect(parser.parse())
      return reader
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
      current = ""
      for key in ["x", "y", "width", "height"] {
        if let value = attributes[key] { #expect(Double(value) != nil) }
      }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { current += string }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      if name == "text" || name == "title" { texts.append(current) }
      current = ""
    }
  }

  private func trials(_ name: String, _ count: Int) throws -> [Trial] {
    let stream = TrialStream(
      tasks: [try CognitiveTask(named: name)], columns: 1, steps: 1, seed: 12)
    return stream.evaluationTrials(task: 0, count: count)
  }

  @Test(arguments: CognitiveTask.all126.map(\.name))
  func allTasks(name: String) throws {
    let trials = try trials(name, 2)
    let svg = Drawing.svg(of: trials)
    #expect(svg == Drawing.svg(of: trials))
    let reader = try Reader.read(svg)
    #expect(reader.texts.filter { $0 == name }.count == 2)
    for period in trials[0].periods { #expect(reader.texts.contains(period.name.rawValue)) }
    #expect(reader.texts.contains("\(trials[0].steps / 5 * 500)"))
    #expect(reader.texts.filter { $0 == "time (ms)" }.count == 2)
  }

  @Test func textIsEscaped() throws {
    let title = "<script>alert('&\"')</script>\u{0}\u{202e}"
    let svg = Drawing.svg(of: try trials("go", 1), title: title)
    #expect(!svg.contains("<script"))
    let reader = try Reader.read(svg)
    #expect(reader.texts[0] == "<script>alert('&\"')</script>\\u{0}\\u{202e}")
    #expect(reader.counts["script"] == nil)
  }

  @Test(
    arguments: [
      (0, "0"), (1, "1"), (-0.004, "0"), (12.5, "12.5"), (-3.05, "-3.05"), (0.999, "1"),
      (100.1, "100.1"), (.nan, "0"), (.infinity, "0"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) { #expect(number(value) == text) }

  @Test func colours() {
    #expect(Palette.cell(0) == nil)
    #expect(Palette.cell(0.01) == nil)
    #expect(Palette.cell(1) == "#08306b")
    #expect(Palette.cell(7) == "#08306b")
    #expect(Palette.cell(-1) == "#8c3e00")
    #expect(Palette.cell(0.5) == "#6ba4d1")
    #expect(Palette.colour(0, 10, 255) == "#000aff")
  }

  @Test(arguments: [
    (1, ImageSequence(.rows)), (1, ImageSequence(.pixels)), (3, ImageSequence(.pixels)),
    (3, ImageSequence(.rows)), (1, ImageSequence(.pixels, pooling: 2, order: .shuffled(seed: 1))),
  ])
  func images(channels: Int, sequence: ImageSequence) throws {
    let set = try ImageSet(
      rows: 8, columns: 8, channels: channels,
      pixels: ImageFiles.bytes(3 * channels * 64), labels: [4, 5, 6])
    let svg = try Drawing.svg(of: set, places: [2, 0], as: sequence)
    #expect(svg == (try Drawing.svg(of: set, places: [2, 0], as: sequence)))
    let reader = try Reader.read(svg)
    #expect(reader.texts.contains("image 2, class 6"))
    #expect(reader.texts.contains("image 0, class 4"))
    #expect(reader.texts.contains("step"))
    #expect(throws: ImageSequenceError.pooling(factor: 3, rows: 8, columns: 8)) {
      try Drawing.svg(of: set, places: [0], as: ImageSequence(.rows, pooling: 3))
    }
  }
}
