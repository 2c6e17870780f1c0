-- Run by neovim_test.sh in a headless Neovim that has nothing but our configuration: opens a file, and asks what a person would ask.
local passed, failed = 0, 0
local function expect(what, holds, told)
  if holds then
    passed = passed + 1
  else
    failed = failed + 1
    io.write('FAILED ' .. what .. ': ' .. vim.inspect(told) .. '\n')
  end
end

local function clients() return (vim.lsp.get_clients or vim.lsp.buf_get_clients)(vim.lsp.get_clients and { bufnr = 0 } or 0) end
local function ask(method, params)
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 10000) or {}) do
    if answer.result then return answer.result end
  end
end
local function here() return vim.lsp.util.make_position_params(0, 'utf-16') end

local function run()
  vim.cmd('edit policies/p.remit')
  expect('the file type', vim.bo.filetype == 'remit', vim.bo.filetype)
  expect('the server starts', vim.wait(10000, function() return not vim.tbl_isempty(clients()) and vim.tbl_count(clients()) == 1 end), clients())
  expect('diagnostics come', vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end), vim.diagnostic.get(0))
  local first = vim.diagnostic.get(0)[1] or {}
  expect('what is wrong is told', first.code == 'unknown-attribute' or (first.user_data and first.user_data.lsp and first.user_data.lsp.code == 'unknown-attribute'), first)
  expect('where it is', first.lnum == 2, first)

  vim.api.nvim_win_set_cursor(0, { 2, 24 })
  local hover = ask('textDocument/hover', here())
  expect('hover tells the declaration', hover and vim.inspect(hover):find('entity User', 1, true), hover)
  vim.api.nvim_win_set_cursor(0, { 3, 17 })
  local completion = ask('textDocument/completion', here())
  expect('completion knows the attributes', completion and vim.inspect(completion):find('"level"', 1, true), completion)

  vim.api.nvim_buf_set_lines(0, 2, 3, false, { 'when {   principal.level>1 };' })
  expect('a mended mistake goes', vim.wait(10000, function() return #vim.diagnostic.get(0) == 0 end), vim.diagnostic.get(0))
  if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 10000 }) else vim.lsp.buf.formatting_sync(nil, 10000) end
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  expect('formatting lays out the file', vim.tbl_contains(lines, 'when { principal.level > 1 };'), lines)

  local notes = {}
  vim.notify = function(text) table.insert(notes, text) end
  local lens = vim.tbl_filter(function(each) return each.command.command == 'remit.runTest' and each.command.arguments[1].title end,
    ask('textDocument/codeLens', { textDocument = vim.lsp.util.make_text_document_params(0) }) or {})[1]
  expect('a test has a lens', lens ~= nil, lens)
  local client = clients()[next(clients())]
  if lens then vim.lsp.commands['remit.runTest'](lens.command, { client_id = client.id, bufnr = vim.api.nvim_get_current_buf() }) end
  expect('a test runs from it', vim.wait(10000, function() return #notes > 0 end) and notes[1]:find('1 passed', 1, true), notes)

  vim.cmd('edit schema.cedarschema')
  expect('a schema is of the same server', vim.wait(10000, function() return vim.tbl_count(clients()) == 1 end) and vim.bo.filetype == 'cedarschema', clients())
end

local ok, err = pcall(run)
expect('nothing goes wrong', ok, err)
io.write(string.format('%d passed, %d failed\n', passed, failed))
vim.cmd(failed == 0 and 'qall!' or 'cquit!')
