import { describe, expect, test } from '@jest/globals'
import { readTests } from '../src/tests.js'

const read = (path: string, text: string) => readTests({ path, text })!
const marks = (path: string, text: string) =>
  read(path, text).marks.map(({ text: mark, at, subject }) => `${at.line}:${at.column} ${mark} -> ${subject}`)

describe('marks', () => {
  test.each([
    ['a.test.js', "it.skip('a', () => {})", ["1:1 it.skip -> it('a'"]],
    ['a.test.js', "  xdescribe('a', () => {", ["1:3 xdescribe -> describe('a'"]],
    ['a.test.js', "describe.only('a', () => {", ["1:1 describe.only -> describe('a'"]],
    ['a.test.js', "fit('a', () => {})", ["1:1 fit -> it('a'"]],
    ['a.test.js', "it('a', () => {\n  this.skip()\n})", ["2:3 this.skip -> it('a'"]],
    ['test_a.py', '@pytest.mark.skip(reason="b")\ndef test_a():\n  pass', ['1:1 @pytest.mark.skip -> def test_a']],
    ['test_a.py', 'def test_a():\n  pytest.skip("b")', ['2:3 pytest.skip -> def test_a']],
    ['a_test.go', 'func TestA(t *testing.T) {\n\tt.Skip("b")\n}', ['2:2 t.Skip -> func TestA']],
    ['tests/a.rs', '#[test]\n#[ignore = "b"]\nfn a', ['2:1 #[ignore -> fn a']],
    ['ATest.java', '  @Disabled("b")\n  @Test\n  void a', ['1:3 @Disabled -> void a']],
    ['ATests.cs', '[Fact(Skip = "b")]\npublic void A() {}', ['1:1 [Fact(Skip = -> void A']],
    ['a_spec.rb', 'xit "a" do', ['1:1 xit -> it "a"']],
    ['a_spec.rb', 'it "a", :skip do', ['1:9 :skip -> it "a"']],
    [
      'tests/ATest.php',
      'function testA() {\n  $this->markTestSkipped();\n}',
      ['2:3 $this->markTestSkipped -> function testA']
    ],
    ['test/a_test.exs', '@tag :skip\ntest "a" do', ['1:1 @tag :skip -> test "a"']],
    ['a_test.cc', 'TEST(A, DISABLED_B) {}', ['1:1 TEST(A, DISABLED_ -> TEST(A, B) {}']]
  ])('%s: %s', (path, text, found) => expect(marks(path, text)).toEqual(found))

  test.each([
    ['a comment', 'a.test.js', "// it.skip('a')\n/* it.only('b')\n it.skip('c') */"],
    ['a string', 'a.test.js', "const a = 'it.skip(1)' + `it.only(\nit.skip(2)` + /it.only('/.source"],
    ['a doc string', 'test_a.py', 'def test_a():\n  """\n  @pytest.mark.skip\n  """'],
    ['a raw string', 'a_test.go', 'var a = `\nt.Skip()\n`'],
    ['a letter that is a quote', 'a_test.go', "var a = '\"' // t.Skip()"],
    ['a condition around it', 'a_test.go', 'func TestA(t *testing.T) {\n\tif testing.Short() {\n\t\tt.Skip()\n\t}\n}'],
    ['a condition beside it', 'a_spec.rb', "it 'a' do\n  skip 'b' if c\nend"],
    ['a condition in it', 'a.spec.ts', "test.skip(isMobile, 'not there')"],
    ['a conditional mark', 'test_a.py', '@pytest.mark.skipif(a)\ndef test_a(): pass'],
    ['a trait of a factory', 'a_spec.rb', "it 'a' do\n  create(:request, :pending)\nend"],
    ['a word that ends alike', 'a.test.js', 'transit("a"); this.skipped(); submit(1)'],
    ['another language', 'a.test.txt.md', 'it.skip()']
  ])('%s is none', (_, path, text) => expect(readTests({ path, text })?.marks ?? []).toEqual([]))
})

test.each([
  ['a.test.ts', "it('a', () => {})\ntest.each([1])('b', () => {})\nawait commit('c')", 2],
  ['test_a.py', 'def test_a():\n  x\nasync def test_b():\n  y\ndef helper(): pass', 2],
  ['a_test.go', 'func TestA(t *testing.T) {}\nfunc helper() {}', 1],
  ['ATest.java', '@Test\nvoid a() {}\n@BeforeEach\nvoid b() {}', 1],
  ['a_spec.rb', "it 'a' do\nend\nit = 1", 1]
])('it counts cases: %s', (path, text, count) => expect(read(path, text).cases).toHaveLength(count))

test('it keeps what comments say with the lines they are on', () => {
  expect(read('a.test.js', "a // it('b')\n\n/*\n * it('c')\n */\n").comments).toEqual([
    { name: "it('b'", line: 1 },
    { name: "it('c'", line: 4 }
  ])
})

test.each(['/*', '"', '`', "'", '//', '#', '"""', 'it.skip(', '@Test(', 'it.a', '\\', '\n=begin', '(*', '{', "'\"'"])(
  'a file of %s costs little',
  piece => {
    const started = performance.now()
    for (const path of ['a.test.js', 'test_a.py', 'a_spec.rb', 'ATests.cs', 'tests/a.rs', 'test/a_test.ml'])
      readTests({ path, text: piece.repeat((256 << 10) / piece.length) })
    readTests({ path: 'a.test.js', text: `${piece.repeat(50)}\n`.repeat(3000) })
    expect(performance.now() - started).toBeLessThan(4000)
  }
)
