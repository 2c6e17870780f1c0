-- File types, the server, and what an editor alone can show: results of tests and pages of rules.
vim.filetype.add({ extension = { remit = 'remit', cedar = 'cedar', cedarschema = 'cedarschema' } })

vim.api.nvim_create_autocmd('FileType', {
  pattern = { 'remit', 'cedar', 'cedarschema' },
  callback = function()
    vim.bo.commentstring = '// %s'
    vim.bo.shiftwidth = 2
  end,
})

vim.lsp.commands['remit.runTest'] = function(command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  client:request('workspace/executeCommand', { command = command.command, arguments = command.arguments }, function(err, result)
    local level = (err or result.failed > 0) and vim.log.levels.ERROR or vim.log.levels.INFO
    vim.notify(err and err.message or result.report, level)
  end, context.bufnr)
end

vim.lsp.enable('remit')
