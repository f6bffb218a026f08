# 绩效评价工作台 · jixiao. `make` alone lists the commands; each one sets up .venv by itself.
# Needs make and Python >= 3.11, nothing else.

PYTHON  ?= python3
UNIT    ?= ziyang-justice
YEAR    ?= 2022
WORKERS ?= 2
ARGS    ?=

VENV := .venv
BIN  := $(VENV)/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

# A stamp carries in its name what it was made from: another lock, another pyproject or another
# folder is another stamp, whatever the clocks of the files say.
key        = $(shell { echo '$(CURDIR)'; cat $(1); } | cksum | cut -d' ' -f1)
VENV_STAMP := $(VENV)/.jixiao-venv-$(call key,/dev/null)
RUN_STAMP  := $(VENV)/.jixiao-run-$(call key,requirements.lock pyproject.toml)
DEV_STAMP  := $(VENV)/.jixiao-dev-$(call key,requirements-dev.lock pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help report test check format lab lock pictures bench fuzz mutants killtest pii reproduce clean

help: ## 列出全部命令 · list the commands
	@printf '绩效评价工作台 · jixiao\n\n'
	@sed -n 's/^\([a-z][a-z]*\):.*## \(.*\)$$/\1|\2/p' Makefile \
	  | while IFS='|' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done
	@printf '\n首次运行自动准备 .venv（约一分钟）。指定 Python：make report PYTHON=python3.12\n'

report: $(RUN_STAMP) ## 生成评价报告（UNIT=单位 YEAR=年度）· evaluate one unit and year
	@$(BIN)/jixiao report $(UNIT) $(YEAR) $(ARGS)

test: $(DEV_STAMP) ## 运行全部测试 · run the tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: $(DEV_STAMP) ## 检查格式、类型、分层与笔记本 · format, lint, types, layers, notebooks
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_layers.py tests/test_tree.py
	@$(if $(wildcard notebooks/*.ipynb),$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb)
	@printf '检查通过\n'

format: $(DEV_STAMP) ## 整理代码格式，清除笔记本输出 · format the code, strip the notebooks
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only .
	@$(if $(wildcard notebooks/*.ipynb),$(BIN)/nbstripout --keep-id notebooks/*.ipynb)

lab: $(RUN_STAMP) ## 在 JupyterLab 中打开笔记本 · open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks $(ARGS)

pictures: $(DEV_STAMP) ## 重做文档中的图片 · make the pictures of the documents again
	@$(BIN)/python docs/pictures.py $(ARGS)

bench: $(DEV_STAMP) ## 性能对比（参照 papermill 与 nbconvert 命令行）· side-by-side measurements
	@$(BIN)/python -m benchmarks $(ARGS)

fuzz: $(DEV_STAMP) ## 长时间随机测试 · long random search
	@$(BIN)/python -m pytest -n $(WORKERS) -m fuzz --hypothesis-profile=fuzz --timeout=3600 $(ARGS)

mutants: $(DEV_STAMP) ## 二千份改动过的材料、二千个改动过的单元格 · two thousand mutants, two thousand cells
	@$(BIN)/python -m pytest -n $(WORKERS) -m "fuzz or not fuzz" --timeout=3600 tests/test_mutants.py tests/test_dependence.py $(ARGS)

killtest: $(DEV_STAMP) ## 反复杀进程、填满磁盘、并发运行 · kill, starve and race batches
	@$(BIN)/python -m pytest -n $(WORKERS) -m kill --timeout=7200 $(ARGS)

pii: $(DEV_STAMP) ## 五千份埋有个人信息的材料，逐一遮盖核对 · mask five thousand filings, miss nothing
	@$(BIN)/python -m pytest -m pii --timeout=7200 tests/test_pii.py $(ARGS)

reproduce: $(DEV_STAMP) ## 每份报告做两次，逐字节比较 · make every report twice, compare bytes
	@$(BIN)/python -m pytest -n $(WORKERS) -m reproduce --timeout=3600 $(ARGS)

clean: ## 删除 .venv 与缓存，保留 outputs/ · remove .venv and caches, keep outputs/
	@rm -rf $(VENV) build dist lib/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find lib tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || :

# The locks. No index, host or path is written into them; the development lock holds the runtime
# lock's versions. `fewest` gives every Python and platform the same versions, so the same reports.
# `make lock ARGS=--upgrade` takes newer releases.
compile = $(BIN)/uv pip compile -q --universal --fork-strategy fewest --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-header --no-annotate $(ARGS)
# $(1) the lock, $(2) options
define make_lock
	@$(compile) $(2) -o $(1) pyproject.toml > /dev/null
	@{ printf '# Pinned with hashes for all platforms. Made by `make lock`; never edit by hand.\n'; \
	   cat $(1); } > $(1).new
	@mv $(1).new $(1)
endef

lock: $(DEV_STAMP) ## 重新锁定依赖版本 · pin the dependencies again
	$(call make_lock,requirements.lock,--extra build)
	$(call make_lock,requirements-dev.lock,--extra build --extra dev -c requirements.lock)

# Set-up. uv reads no pip settings, so pip's index and certificates are handed to it; where uv
# cannot be had or fails, pip does the same work, slower. Both check every hash.
# $(1) the lock
define install
	@set -e; \
	index=$${UV_DEFAULT_INDEX:-$$($(BIN)/pip config get :env:.index-url 2>/dev/null \
	  || $(BIN)/pip config get global.index-url 2>/dev/null || :)}; \
	cert=$${SSL_CERT_FILE:-$$($(BIN)/pip config get :env:.cert 2>/dev/null \
	  || $(BIN)/pip config get global.cert 2>/dev/null || :)}; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	if [ -n "$$cert" ]; then export SSL_CERT_FILE="$$cert"; fi; \
	if [ -x $(BIN)/uv ] && $(BIN)/uv pip install -q --python $(BIN)/python --no-deps \
	    --require-hashes -r $(1); then :; \
	else \
	  printf '  uv 不可用，改用 pip（较慢，约两分钟）…\n'; \
	  $(BIN)/pip install -qq --no-deps --require-hashes -r $(1) \
	    || { printf '依赖安装失败。请检查网络或 pip 镜像设置（pip config list），然后重试。\n' >&2; exit 1; }; \
	fi
endef

$(VENV_STAMP): | requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  printf '需要 Python 3.11 或更高版本；“%s” 是：%s。请指定，例如：make report PYTHON=python3.12\n' \
	    '$(PYTHON)' "$$($(PYTHON) --version 2>&1 || :)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  printf '“%s” 缺少 venv 模块。Debian/Ubuntu 请先安装：apt install python3-venv\n' \
	    '$(PYTHON)' >&2; exit 1; }
	@printf '→ 准备 Python 环境 %s（首次约一分钟）…\n' '$(VENV)'
	@grep -qsF '$(CURDIR)/$(VENV)' $(BIN)/activate \
	  && $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || $(PYTHON) -m venv --clear $(VENV) \
	  || { printf '无法建立 %s，请检查磁盘空间与权限。\n' '$(VENV)' >&2; exit 1; }
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock > $(VENV)/uv.txt
	@$(BIN)/pip install -qq --no-deps --require-hashes -r $(VENV)/uv.txt || :
	@rm -f $(VENV)/.jixiao-*
	@touch $@

$(RUN_STAMP): $(VENV_STAMP) | requirements.lock pyproject.toml
	@printf '→ 安装运行依赖…\n'
	$(call install,requirements.lock)
	@$(BIN)/pip install -qq --no-deps --no-build-isolation -e .
	@touch $@
	@printf '→ 环境就绪\n'

$(DEV_STAMP): $(RUN_STAMP) | requirements-dev.lock
	@printf '→ 安装开发与测试依赖…\n'
	$(call install,requirements-dev.lock)
	@touch $@
