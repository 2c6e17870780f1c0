-- File types, the server, and what an editor alone can show: results of tests and pages of rules. Neovim 0.11 starts the server itself, from
-- lsp/remit.lua; older ones, from 0.7 on, are told here.
local types = { remit = 'remit', cedar = 'cedar', cedarschema = 'cedarschema' }

-- Before 0.8 `vim.filetype` decides only if it is asked to.
if vim.fn.has('nvim-0.8') == 1 then
  vim.filetype.add({ extension = types })
else
  for extension, name in pairs(types) do
    vim.api.nvim_create_autocmd({ 'BufNewFile', 'BufRead' }, { pattern = '*.' .. extension, command = 'set filetype=' .. name })
  end
end

local config = vim.lsp.config and vim.lsp.config.remit or dofile(vim.api.nvim_get_runtime_file('lsp/remit.lua', false)[1])

-- The folder above a file that has one of the markers: where the server looks for the rest of the project.
local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  while true do
    for _, marker in ipairs(config.root_markers) do
      if vim.loop.fs_stat(folder .. '/' .. marker) then return folder end
    end
    local above = vim.fn.fnamemodify(folder, ':h')
    if above == folder then return vim.fn.fnamemodify(path, ':p:h') end
    folder = above
  end
end

local clients = {} -- by folder

local function start(buffer)
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  if not clients[root] or vim.lsp.client_is_stopped(clients[root]) then
    clients[root] = vim.lsp.start_client({ name = 'remit', cmd = config.cmd, root_dir = root, workspace_folders = { { uri = vim.uri_from_fname(root), name = root } } })
  end
  vim.lsp.buf_attach_client(buffer, clients[root])
end

vim.api.nvim_create_autocmd('FileType', {
  pattern = { 'remit', 'cedar', 'cedarschema' },
  callback = function(event)
    vim.bo.commentstring = '// %s'
    vim.bo.shiftwidth = 2
    if not vim.lsp.enable then start(event and event.buf or vim.api.nvim_get_current_buf()) end
  end,
})

vim.lsp.commands['remit.runTest'] = function(command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local function show(err, result)
    local level = (err or result.failed > 0) and vim.log.levels.ERROR or vim.log.levels.INFO
    vim.notify(err and err.message or result.report, level)
  end
  local params = { command = command.command, arguments = command.arguments }
  if vim.lsp.enable then
    client:request('workspace/executeCommand', params, show, context.bufnr)
  else
    client.request('workspace/executeCommand', params, show, context.bufnr)
  end
end

if vim.lsp.enable then vim.lsp.enable('remit') end
