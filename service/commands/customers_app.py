"""`whobuys customers …`: names and options. The work is in `service/commands/customers`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.console import JsonOption, WorkspaceOption, wanted

customers_app = typer.Typer(help="Who is one customer, why, and putting it right.", invoke_without_command=True)

CustomerArgument = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help="Customer id, document, deal, telephone or e-mail.")
]


@customers_app.callback(invoke_without_command=True)
def customers(
    context: typer.Context,
    find: Annotated[
        str | None, typer.Option("--find", metavar="REF", help="Show whose document, deal, telephone or e-mail it is.")
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """All customers, those with most records first."""
    if context.invoked_subcommand is None:
        from service.commands import customers as people

        people.customers(find, workspace, json)
        return
    wanted.workspace, wanted.as_json = workspace or wanted.workspace, json or wanted.as_json


@customers_app.command("show")
def show_customer(customer: CustomerArgument, workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """A customer's documents and deals, and why they are one."""
    from service.commands import customers as people

    people.show(customer, workspace, json)


@customers_app.command("log")
def customers_log(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Joins that an equal phone, e-mail or id does not explain, and what people decided."""
    from service.commands import customers as people

    people.log(workspace, json)


@customers_app.command("merge")
def merge_customers(
    one: CustomerArgument, other: CustomerArgument, workspace: WorkspaceOption = None, json: JsonOption = False
) -> None:
    """These two are one customer. It holds for every later upload."""
    from service.commands import customers as people

    people.merge(one, other, workspace, json)


@customers_app.command("split")
def split_customer(
    customer: CustomerArgument,
    out: Annotated[list[str], typer.Option("--out", metavar="REF", help="A record that is somebody else's; repeat.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """These records are another customer's. The two are never joined again by themselves."""
    from service.commands import customers as people

    people.split(customer, out, workspace, json)


@customers_app.command("undo")
def undo_customers(
    entry: Annotated[str, typer.Argument(metavar="ID", help="An entry of `whobuys customers log`.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Undo a join or a decision."""
    from service.commands import customers as people

    people.undo(entry, workspace, json)
