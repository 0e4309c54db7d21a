import { CompiledQuery, type Compilable } from 'kysely'

/** A statement whose text never changes, for the ones that every effect sends: building it anew each time costs more than running it. */
export const statement = <Row>(text: string, parameters: unknown[] = []): Compilable<Row> => ({ compile: () => CompiledQuery.raw(text, parameters) as CompiledQuery<Row> })
